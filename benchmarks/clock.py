"""How long something takes, by the wall clock."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def seconds(action: Callable[[], object]) -> float:
    """Run an action once and answer how many seconds it took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def seconds_of(command: Sequence[str], directory: Path) -> float:
    """Run a program once and answer how many seconds it took; its output is thrown away, and it must succeed."""
    return seconds(
        lambda: subprocess.run(command, cwd=directory, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    )
