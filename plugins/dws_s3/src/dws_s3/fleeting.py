"""A private directory for as long as a command works: who finds one of a dead command removes it."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self


class Fleeting:
    """One of them, locked while it is in use, so that it can be told from what a dead command left."""

    def __init__(self, above: Path, prefix: str) -> None:
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in above.glob(f"{prefix}*"):
            _remove_if_left(left)
        while (made := _made(above, prefix)) is None:
            pass
        self.path, descriptor = made
        self._descriptor: int | None = descriptor

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Remove it; may be called again."""
        if self._descriptor is not None:
            shutil.rmtree(self.path, ignore_errors=True)
            os.close(self._descriptor)
            self._descriptor = None


def _made(above: Path, prefix: str) -> tuple[Path, int] | None:
    """Make and lock one; None where somebody took it for a dead command's before it was locked."""
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=above))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    if path.exists():
        return path, descriptor
    os.close(descriptor)
    return None


def _remove_if_left(directory: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(directory, ignore_errors=True)
        finally:
            os.close(descriptor)
