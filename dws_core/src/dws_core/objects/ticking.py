"""The clock of a file system, which may tick more slowly than ours and show another time."""

import os
import time
from pathlib import Path

from dws_core.objects.rows import Moment, moment

_NAME = "clock"
_OF_NO_DISK = 0  # The major number of what is no disk of this machine: there others may write by a clock of their own.
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


def moment_on(directory: Path) -> Moment:
    """The time now, and where `directory`, one of ours, lies on a disk of this machine, also by the clock of its file system.

    What is written there from now on has that time or a later one.
    """
    now = moment()
    try:
        descriptor = os.open(directory / _NAME, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return now
    try:
        device = os.fstat(descriptor).st_dev
        return now if os.major(device) == _OF_NO_DISK else now._replace(device=device, exact=_touch(descriptor))
    except OSError:
        return now
    finally:
        os.close(descriptor)


def _touch(descriptor: int) -> int:
    os.utime(descriptor)
    return os.fstat(descriptor).st_mtime_ns
