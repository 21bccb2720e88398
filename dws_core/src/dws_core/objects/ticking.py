"""The clock of a file system, which may tick more slowly than ours and show another time."""

import os
import time
from pathlib import Path

_NAME = "clock"
_TRIES = 40
_PAUSE = 0.001


def wait_for_tick(directory: Path) -> bool:
    """Wait until every write from now on has a later time than all before; False where the clock ticks too slowly to wait.

    `directory` is one of ours, in which a file is touched: only a write shows the time that writes get.
    """
    descriptor = os.open(directory / _NAME, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        start = _touch(descriptor)
        for _ in range(_TRIES):
            if _touch(descriptor) > start:
                return True
            time.sleep(_PAUSE)
        return False
    finally:
        os.close(descriptor)


def _touch(descriptor: int) -> int:
    os.utime(descriptor)
    return os.fstat(descriptor).st_mtime_ns
