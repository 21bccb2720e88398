"""What running a program costs: seconds, seconds of CPU, memory, bytes written."""

import os
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

# One operation's numbers by unit: seconds, cpu (seconds, user and system), peak (bytes of memory), written (bytes) …
Figure: TypeAlias = dict[str, float]

_MERGED: Mapping[str, Callable[[Sequence[float]], float]] = {"peak": max}


class FailedRunError(Exception):
    """A program did not do what was measured, or took longer than anybody waits."""


def seconds_of(command: Sequence[str], directory: Path) -> float:
    """Run a program once and answer how many seconds it took."""
    return cost_of(command, directory)["seconds"]


def cost_of(
    command: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None, patience: float | None = None
) -> Figure:
    """Run a program once and answer its cost; its output is thrown away, and it must succeed within `patience` seconds.

    The peak is that of the largest process. Linux counts what the starting process had in memory, so that one stays small.
    """
    with tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
        )
        timer = threading.Timer(patience or threading.TIMEOUT_MAX, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode == -signal.SIGKILL and patience and seconds >= patience:
            raise FailedRunError(f"{' '.join(command[:3])} took longer than {patience:.0f} s")
        if process.returncode:
            complaints.seek(0)
            raise FailedRunError(f"{' '.join(command)} exited with {process.returncode}: {complaints.read().decode()[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"seconds": seconds, "cpu": cpu, "peak": usage.ru_maxrss * 1024, "written": usage.ru_oublock * 512}


def together(figures: Sequence[Figure]) -> Figure:
    """Add up programs that run one after another."""
    return {unit: (max if unit == "peak" else sum)(each[unit] for each in figures) for unit in figures[0]}


def middle(figures: Sequence[Figure]) -> Figure:
    """Merge repeated runs: the median of each unit, and the highest peak."""
    return {unit: _MERGED.get(unit, statistics.median)([each[unit] for each in figures]) for unit in figures[0]}
