"""The lock of a workspace, and the journal of the operation that runs."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dws_core.errors import FileAccessError, WorkspaceBusyError
from dws_core.model.codec import JsonObject, dump, parse

WAIT_SECONDS = 600.0
_LONGEST_PAUSE = 0.5


@contextmanager
def locked(path: Path, holder: str, tell: Callable[[str], None], *, patience: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock at `path` while the block runs; wait for it, telling who holds it, and give up after `patience` seconds.

    The system frees the lock of a dead process. Children inherit the descriptor, so that the lock lasts as long as they do.
    `holder` is kept in the file for messages alone.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise FileAccessError(path, error) from error
    try:
        os.set_inheritable(descriptor, True)
        _wait(descriptor, path, tell, patience)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, tell: Callable[[str], None], patience: float) -> None:
    end = time.monotonic() + patience
    pause = 0.01
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = path.read_text(errors="replace").strip() or "another command"
            if time.monotonic() > end:
                raise WorkspaceBusyError(who) from None
            if not told:
                tell(f"waiting for the workspace, which is in use by {who}")
                told = True
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, a loss of power included; FileAccessError names it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise FileAccessError(path, error) from error


def sync_directory(path: Path) -> None:
    """Make the names in a directory outlast a loss of power."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Journal:
    """What the running operation has to finish or take back, should it be ended in the middle."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> JsonObject | None:
        """Give the entry of an operation that did not end, or None."""
        try:
            return parse(self._path.read_bytes(), str(self._path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileAccessError(self._path, error) from error

    def write(self, entry: JsonObject) -> None:
        """Note what is about to happen, before it does."""
        write_whole(self._path, dump(entry))

    def clear(self) -> None:
        """Note that the operation has ended."""
        self._path.unlink(missing_ok=True)
        sync_directory(self._path.parent)


class UndoLog:
    """What each operation replaced, newest last: one numbered file an entry."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def read(self) -> dict[int, JsonObject]:
        """Give every entry by its number, oldest first; DamagedRecordError names the file."""
        return {number: parse(path.read_bytes(), str(path)) for number, path in self._paths()}

    def next_number(self) -> int:
        """The number of the entry that comes next."""
        return 1 + max((number for number, _ in self._paths()), default=0)

    def write(self, number: int, entry: JsonObject) -> None:
        """Keep an entry under its number."""
        write_whole(self._path(number), dump(entry))

    def remove(self, number: int) -> None:
        """Forget an entry, which may be gone already."""
        self._path(number).unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        return self._directory / f"{number:08}.json"

    def _paths(self) -> list[tuple[int, Path]]:
        return sorted((int(path.stem), path) for path in self._directory.glob("[0-9]*.json"))
