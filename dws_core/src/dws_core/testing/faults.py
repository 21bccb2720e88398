"""Faults on demand: work done in a process of its own that is killed, or finds the disk full, in the middle.

Points are counted in changes of the file system and programs started, so that the same point is met each time.
"""

import errno
import functools
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

from dws_core.errors import DwsError

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CREATING = frozenset({"os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate"})
_OTHER = frozenset({"os.remove", "os.rmdir", "os.chmod", "os.utime", "subprocess.Popen", "os.posix_spawn", "socket.connect"})
# Calls of which the interpreter tells no audit hook: they are given one of their own in the child process.
_UNHEARD = ("write", "pwrite", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "copy_file_range", "sendfile")
# Killed before one of these a process leaves what it leaves before the next point; a full disk may show first in them.
_UNSEEN = frozenset({"fsync", "fdatasync"})
_MOST_POINTS = 8
_SECONDS = 120
_REFUSED, _BROKEN = 3, 4


class Fault(StrEnum):
    """What goes wrong from a point on."""

    KILLED = "killed"
    DISK_FULL = "disk full"


def interruptions(
    fault: Fault, prepare: Callable[[], object], work: Callable[[], object], scratch: Path, *, most: int | None = _MOST_POINTS
) -> Iterator[str]:
    """Prepare the work and let it meet the fault, at points spread over all there are; yield after each, naming it.

    There are at most `most` points, every one where it is None. The work runs in a child process, so it must open anew what it
    needs. It may refuse with a DwsError or OSError.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    prepare()
    total = _run(work, scratch, fault, None)
    for point in _spread(total, most or total):
        prepare()
        _run(work, scratch, fault, point)
        yield f"{fault} at point {point} of {total}"


def _spread(total: int, most: int) -> list[int]:
    if total <= most:
        return list(range(1, total + 1))
    return sorted({1 + round(step * (total - 1) / (most - 1)) for step in range(most)})


def _run(work: Callable[[], object], scratch: Path, fault: Fault, point: int | None) -> int:
    """Do the work in a child process, without the fault where no point is named, and answer the number of points it met."""
    said = scratch / "said"
    said.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads: the child only does the work
        child = os.fork()
    if child == 0:
        _be_the_child(work, said, fault, point)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL and fault is Fault.KILLED, f"ended by signal {os.WTERMSIG(status)}"
        return 0
    ending = os.waitstatus_to_exitcode(status)
    refused_rightly = ending == _REFUSED and fault is Fault.DISK_FULL
    assert ending == 0 or refused_rightly, said.read_text() if said.exists() else f"ended with status {ending}"
    return int(said.read_text()) if ending == 0 else 0


def _be_the_child(work: Callable[[], object], said: Path, fault: Fault, point: int | None) -> None:
    ending = _BROKEN
    try:
        os.setpgid(0, 0)
        signal.alarm(_SECONDS)
        watch = _Watch(fault, point)
        sys.addaudithook(watch)
        for name in _UNHEARD:
            setattr(os, name, watch.heard(name, getattr(os, name)))
        try:
            work()
            ending = 0
        except (DwsError, OSError):
            ending = _REFUSED
            text = traceback.format_exc()
        except BaseException:
            text = traceback.format_exc()
        watch.over = True
        said.write_text(str(watch.met) if ending == 0 else text, errors="backslashreplace")
    finally:
        os._exit(ending)


class _Watch:
    """Counts the points that a process meets, and brings the fault about at one of them."""

    def __init__(self, fault: Fault, point: int | None) -> None:
        self.fault = fault
        self.point = point
        self.met = 0
        self.over = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.over:
            return
        opened_for_writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
        creates = event in _CREATING or event in _UNHEARD or bool(opened_for_writing)
        if not creates and event not in _OTHER:
            return
        if self.fault is Fault.KILLED and event in _UNSEEN:
            return
        self.met += 1
        if self.point is None or self.met < self.point:
            return
        if self.fault is Fault.KILLED:
            os.killpg(0, signal.SIGKILL)
        elif creates:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def heard(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Make a call of the system a point as well: just before it."""

        @functools.wraps(call)
        def told(*arguments: Any, **named: Any) -> Any:
            self(name, ())
            return call(*arguments, **named)

        return told
