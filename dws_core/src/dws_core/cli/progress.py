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
        self._begun = time.monotonic()
        self._next = self._begun + (_PATIENCE if show.is_terminal else _PLAIN_INTERVAL)

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
        files, size = max(self._expected_files, self._files), max(self._expected_size, self._size)
        parts = [f"{self._files:,} of {files:,} files"] if files else []
        parts += [_amounts(self._size, size)] if size else []
        text = ", ".join(parts)
        if self._show.is_terminal:
            self._show.progress(text, *((self._size, size) if size else (self._files, files)), now - self._begun)
        else:
            self._show.aside(text + "\n")


def _amounts(size: int, of: int) -> str:
    """Write a part of a number of bytes beside it, in the same unit: `1.2 of 3.4 GiB`."""
    total, unit, factor = _in_unit(of)
    return f"{size:,} of {of:,} bytes" if factor == 1 else f"{size / factor:.1f} of {total:.1f} {unit}"


def amount(size: int) -> str:
    """Write a number of bytes for people: `1.5 MiB`."""
    value, unit, factor = _in_unit(size)
    return f"{size} bytes" if factor == 1 else f"{value:.1f} {unit}"


def _in_unit(size: int) -> tuple[float, str, int]:
    """Give the number in the largest unit that fits, the unit, and how many bytes it has."""
    power = 0
    while size >= 1024 ** (power + 1) and power < len(_UNITS) - 1:
        power += 1
    return size / 1024**power, _UNITS[power], 1024**power
