"""A pseudo-terminal, and what somebody sees who sits at it."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self, TextIO


class Terminal:
    """Keeps all that is written to it, each piece with the second at which it came."""

    def __init__(self, *, columns: int = 80) -> None:
        self._reading, writing = pty.openpty()
        fcntl.ioctl(writing, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.stream: TextIO = os.fdopen(writing, "w", encoding="utf-8")
        self.pieces: list[tuple[float, str]] = []
        self._opened = time.monotonic()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self._reader.join()
        os.close(self._reading)

    def run(self, command: Sequence[str | Path], directory: Path, *, typed: str = "") -> subprocess.CompletedProcess[bytes]:
        """Run a command with its stderr here, and its answer elsewhere; with somebody who types, its stdin is here as well."""
        if typed:
            os.write(self._reading, typed.encode())
        stdin = self.stream if typed else subprocess.DEVNULL
        return subprocess.run(
            command, cwd=directory, stdin=stdin, stdout=subprocess.PIPE, stderr=self.stream, check=False, timeout=120
        )

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self._reading, 65536)
            except OSError:  # nobody has it open for writing any more
                return
            self.pieces.append((time.monotonic() - self._opened, piece.decode("utf-8", "replace")))

    @property
    def text(self) -> str:
        return "".join(piece for _, piece in self.pieces)

    @property
    def screen(self) -> list[str]:
        """The lines as they stand at last, without blanks at their ends."""
        return [_overwritten(line).rstrip() for line in self.text.replace("\r\n", "\n").split("\n")]


def _overwritten(line: str) -> str:
    """Let each part of a line that begins with a carriage return be written over what stands there."""
    shown = ""
    for part in line.split("\r"):
        shown = part + shown[len(part) :]
    return shown
