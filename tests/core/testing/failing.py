"""Runs suites that must fail, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TOP = Path(__file__).parents[3]
_CI = ("CI", "BUILD_NUMBER")


def failing(suites: Path, chosen: Mapping[str, str], scratch: Path) -> dict[str, set[str]]:
    """Run each suite of a file against the tests of the promise chosen for it; give the tests that failed, by suite."""
    expression = " or ".join(f"({suite} and test_{promise}_)" for suite, promise in chosen.items())
    options = ["-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", f"--basetemp={scratch}/t", "-k", expression]
    # Where it takes itself to be in CI, pytest explains every byte that differs.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_") and name not in _CI}
    command = [sys.executable, "-m", "pytest", *options, str(suites)]
    done = subprocess.run(command, cwd=TOP, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, set[str]] = {name: set() for name in chosen}
    for line in done.stdout.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            _, suite, test = line.split(" ")[1].split("::")
            found[suite].add(test.partition("[")[0])
    return found
