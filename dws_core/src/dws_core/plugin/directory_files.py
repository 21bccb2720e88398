"""The files of a directory of this machine, as they are now."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, cast

from dws_core.errors import PathMissingError, UnstableFileError, UnsupportedFileError
from dws_core.model.names import is_reserved
from dws_core.plugin.files import FileInfo, Files
from dws_core.plugin.grip import Grip
from dws_core.plugin.staging import is_staging, set_executable, staging_beside_others

_PART = 1024 * 1024
_TRIES = 5


class DirectoryFiles(Files):
    """What lies below a directory; `identify` gives the id of the version of what lies at a path.

    Reading follows links, as any program does. Writing goes through none, so that nothing beside the resource changes.
    """

    def __init__(self, resource: str, top: Path, identify: Callable[[str], str]) -> None:
        super().__init__(resource)
        self._top = top
        self._identify = identify

    def info(self, path: str) -> FileInfo:
        with _missing(path):
            return _info(path, (self._top / path).stat())

    def list(self, path: str = "") -> Iterator[FileInfo]:
        with os.scandir(self._top / path) as entries:
            found = [each for each in entries if not is_staging(each.name) and not is_reserved(each.name)]
        for entry in found:
            status = _look(entry)
            if status is not None:
                yield _info(f"{path}/{entry.name}" if path else entry.name, status)

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        with self.open(path) as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def open(self, path: str) -> BinaryIO:
        place = self._top / path
        with _missing(path):  # not waiting for whoever would write to it, were it a fifo
            descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISREG(mode):
            return os.fdopen(descriptor, "rb")
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(path)
        raise UnsupportedFileError(place, "fifo, socket or device")

    def version(self, path: str = "") -> str | None:
        return self._identify(path)

    def write(self, path: str, content: BinaryIO) -> None:
        with self._grip() as grip, ExitStack() as held:
            executable = _is_executable(grip, path)
            for _ in range(_TRIES):
                with staging_beside_others(self._top) as stage:
                    staged = held.enter_context((stage / "content").open("w+b"))
                    _copy(content, staged, executable=executable)
                    if _renamed(stage / "content", grip, path):
                        return
                staged.seek(0)
                content = cast(BinaryIO, staged)
                grip.forget()
        raise UnstableFileError(self._top / path)

    def remove(self, path: str) -> None:
        with self._grip() as grip:
            parent, name = grip.parent(path)
            if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                os.rmdir(name, dir_fd=parent)
            else:
                os.unlink(name, dir_fd=parent)
            grip.forget()
            while path := path.rpartition("/")[0]:
                parent, name = grip.parent(path)
                try:
                    os.rmdir(name, dir_fd=parent)
                except OSError:  # it holds something
                    break

    def _grip(self) -> Grip:
        if not self._top.is_dir():
            raise PathMissingError(self._top)
        return Grip(self._top)


@contextmanager
def _missing(path: str) -> Iterator[None]:
    """Below a file there is nothing."""
    try:
        yield
    except NotADirectoryError as error:
        raise FileNotFoundError(path) from error


def _is_executable(grip: Grip, path: str) -> bool:
    """Tell whether a program lies at a path, which another one may replace; IsADirectoryError."""
    with suppress(FileNotFoundError):
        parent, name = grip.parent(path)
        mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(path)
        return stat.S_ISREG(mode) and bool(mode & 0o100)
    return False


def _renamed(staged: Path, grip: Grip, path: str) -> bool:
    """Put a staged file in its place; False where a command took what is staged for a dead one's, or the directory is gone."""
    parent, name = grip.parent(path, create=True)
    try:
        os.rename(staged, name, dst_dir_fd=parent)
    except FileNotFoundError:
        return False
    return True


def _copy(source: IO[bytes], staged: IO[bytes], *, executable: bool) -> None:
    shutil.copyfileobj(source, staged, _PART)
    staged.flush()
    if executable:
        set_executable(staged.fileno(), executable=True)
    os.fsync(staged.fileno())


def _look(entry: "os.DirEntry[str]") -> os.stat_result | None:
    """Answer what an entry leads to; None where somebody has just removed it."""
    try:
        return entry.stat()
    except OSError:  # a link that leads nowhere, or in a circle, is there all the same
        pass
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def _info(path: str, status: os.stat_result) -> FileInfo:
    is_directory = stat.S_ISDIR(status.st_mode)
    return FileInfo(path, is_directory, 0 if is_directory else status.st_size, status.st_mtime)
