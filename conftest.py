"""What holds for every test: an environment of its own, and no skip that hides.

`DWS_MUST_RUN=s3,browser` names what must be there: a test that is skipped because it needs one of them then fails. Such a skip
says `needs NAME: how to get it`.
"""

import os
import re
import tempfile
from collections.abc import Generator

import pytest

pytest_plugins = ["tests.servers.fixtures"]

# What a user has set for git and for us must not reach a test; what pip and Python need may.
FOREIGN = re.compile(r"(AWS_|GIT_|DWS_(?!MUST_RUN$)|XDG_|JPY_|JUPYTER_).*")


def pytest_configure(config: pytest.Config) -> None:
    """Give this process, and all that tests start, an empty home and no settings of the user's."""
    for name in [name for name in os.environ if FOREIGN.fullmatch(name)]:
        del os.environ[name]
    home = tempfile.TemporaryDirectory(prefix="dws-test-home-")
    config.add_cleanup(home.cleanup)
    patched = pytest.MonkeyPatch()
    config.add_cleanup(patched.undo)
    # Tests start hundreds of commands, and to compile everything anew takes as long as everything else that a short one does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # No test takes the power away, so nobody waits until bytes lie on the disk: a busy one makes that half of the time.
    os.environ["GIT_TEST_FSYNC"] = "0"
    for name in ("fsync", "fdatasync"):
        patched.setattr(os, name, os.fstat)  # which fails too where the file is not open
    os.environ |= {"HOME": home.name, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skip a failure where what it needs must be there."""
    report = yield
    must_run = set(filter(None, os.environ.get("DWS_MUST_RUN", "").split(",")))
    if report.skipped and isinstance(report.longrepr, tuple):
        needed = re.match(r"(?:Skipped: )?needs ([\w-]+)", report.longrepr[2])
        if needed and needed[1] in must_run:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} must run here: {report.longrepr[2]}"
    return report
