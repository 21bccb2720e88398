"""The directory store: what is kept is a file each, which appears whole and stays."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dws_core.builtin.directory_store.address import path_of, url_of
from dws_core.builtin.directory_store.fresh import fresh_file, is_file, put_in_place, remove_old
from dws_core.errors import EntryTakenError, FileAccessError, PathRefusedError, StoreAwayError, UnstableFileError
from dws_core.plugin import Kept, Store, StoreContext
from dws_core.plugin.grip import Grip

_COMPONENT = re.compile(r"[a-z0-9][a-z0-9.-]*")
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PART = 1024 * 1024


class DirectoryStore(Store):
    """A directory, which need not be there yet. Nothing in it is reached through a symlink: a stranger may have made it."""

    def __init__(self, url: str, context: StoreContext) -> None:
        super().__init__(url, context)
        self._top = path_of(url)

    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        """K1: a path is as good as a URL, and `~` is this user's home."""
        return url_of(url, directory)

    def prepare(self) -> None:
        """K2: but for the directories above it: where those are missing, it is rather a share that is not mounted."""
        with self._named():
            if not self._top.parent.is_dir():
                raise StoreAwayError(self._top.parent)
            self._top.mkdir(exist_ok=True)
            with Grip(self._top) as grip:
                with fresh_file(grip.directory("")) as (_, file):
                    now = os.fstat(file.fileno()).st_mtime
                for path, names in _walk(grip, ""):
                    remove_old(grip.directory(path), names, now)

    def list(self, prefix: str) -> Iterator[Kept]:
        with self._named():
            if not self._top.is_dir():
                return
            with Grip(self._top) as grip:
                for path, names in _walk(grip, prefix):
                    for last in names:
                        name = f"{path}/{last}" if path else last
                        if name.startswith(prefix) and _is_name(name):
                            status = grip.look(name)
                            if status is not None:
                                yield Kept(name, status.st_size)

    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        with self._open(name) as file, self._named():
            file.seek(start)
            return file.read(-1 if length is None else length)

    def fetch(self, name: str, file: BinaryIO) -> None:
        with self._open(name) as kept:
            while part := self._part_of(kept):
                file.write(part)

    def put(self, name: str, content: BinaryIO, size: int) -> None:
        _check(name)
        try:
            with self._named(), Grip(self._top) as grip:
                self._put(grip, name, content, size)
                # Also of what another process has just put: it may not have come this far.
                for above in Path(name).parents:
                    os.fsync(grip.directory("" if above == Path() else str(above)))
        except FileNotFoundError as error:
            raise StoreAwayError(self._top) from error

    def _put(self, grip: Grip, name: str, content: BinaryIO, size: int) -> None:
        parent, last = grip.parent(name, create=True)
        try:
            if is_file(parent, last):
                return
        except FileExistsError as error:
            raise EntryTakenError(str(self._top / name)) from error
        with fresh_file(parent) as (fresh, file):
            while size and (part := content.read(min(size, _PART))):
                _write(file, part)
                size -= len(part)
            if size:
                raise UnstableFileError(self._top / name)
            os.fsync(file.fileno())
            put_in_place(parent, fresh, last)

    @contextmanager
    def _open(self, name: str) -> Iterator[BinaryIO]:
        """Open what is kept; FileNotFoundError, also where something lies there that was never put."""
        _check(name)
        with self._named(), Grip(self._top) as grip:
            status = grip.look(name)
            if status is None or not stat.S_ISREG(status.st_mode):
                raise FileNotFoundError(name)
            parent, last = grip.parent(name)
            descriptor = os.open(last, _FLAGS, dir_fd=parent)
        with open(descriptor, "rb") as file:  # noqa: PTH123  # pathlib takes no descriptors
            yield file

    def _part_of(self, file: BinaryIO) -> bytes:
        with self._named():
            return file.read(_PART)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn what the operating system refused into an error that names the file, or the store's directory."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise FileAccessError(self._top / (error.filename or ""), error) from error


def _check(name: str) -> None:
    if not _is_name(name):
        raise PathRefusedError(name, "it is no name of something that a store keeps")


def _is_name(name: str) -> bool:
    return all(_COMPONENT.fullmatch(each) for each in name.split("/"))


def _write(file: BinaryIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def _walk(grip: Grip, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each directory that may hold names with that prefix, and the files in it."""
    waiting = [""]
    while waiting:
        path = waiting.pop()
        try:
            with os.scandir(grip.directory(path)) as found:
                entries = [*found]
                directories = [each.name for each in entries if each.is_dir(follow_symlinks=False)]
                files = [each.name for each in entries if each.is_file(follow_symlinks=False)]
        except (FileNotFoundError, PathRefusedError):  # another program has just removed or replaced it
            continue
        yield path, files
        below = [f"{path}/{name}" if path else name for name in directories]
        waiting += [each for each in below if _is_name(each) and f"{each}/".startswith(prefix[: len(each) + 1])]
