"""Tells at a terminal how far long work is, and elsewhere now and then on a plain line."""

import threading
import time

from dws_core.cli.show import Show

_PATIENCE = 1.0
_TERMINAL_INTERVAL = 0.1
_PLAIN_INTERVAL = 30.0
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


class ShownProgress:
    """Says nothing of work that is done in a second; may be used by several threads."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._lock = threading.Lock()
        self._expected_files = self._expected_size = self._files = self._size = 0
        self._interval = _TERMINAL_INTERVAL if show.is_terminal else _PLAIN_INTERVAL
        self._next = time.monotonic() + (_PATIENCE if show.is_terminal else _PLAIN_INTERVAL)

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        with self._lock:
            self._expected_files += files
            self._expected_size += size
            self._tell()

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        with self._lock:
            self._files += files
            self._size += size
            self._tell()

    def warn(self, message: str) -> None:
        with self._lock:
            self._show.warn(message)

    def _tell(self) -> None:
        now = time.monotonic()
        if now < self._next or self._show.quiet:
            return
        self._next = now + self._interval
        line = _line(self._files, self._expected_files, self._size, self._expected_size)
        if self._show.is_terminal:
            self._show.progress(line)
        else:
            self._show.aside(line + "\n")


def _line(files: int, expected_files: int, size: int, expected_size: int) -> str:
    parts = []
    if expected_files or files:
        parts.append(f"{files:,} of {max(expected_files, files):,} files")
    if expected_size or size:
        parts.append(f"{amount(size)} of {amount(max(expected_size, size))}")
    return ", ".join(parts)


def amount(size: int) -> str:
    """Write a number of bytes for people: `1.5 MiB`."""
    value, unit = float(size), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{size} bytes" if unit == 0 else f"{value:.1f} {_UNITS[unit]}"
