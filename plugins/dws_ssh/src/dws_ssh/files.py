"""The files of a directory of a server, as they are now."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

from dws_core.errors import DwsError, ReadOnlyFilesError
from dws_core.plugin import FileInfo, Files
from dws_core.plugin.read_ahead import read_ahead
from dws_core.plugin.staging import is_staging, plain_mode
from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import Attributes, extended, look, remove, rename
from dws_ssh.place import Place, about
from dws_ssh.putting import fill, remove_if_there
from dws_ssh.sending import staging_name
from dws_ssh.session import Session, Talk
from dws_ssh.talks import list_directory, look_for, make_directories, make_file, read_piece

_REPLACE = "posix-rename@openssh.com"
_AHEAD = 8 * 1024 * 1024


class RemoteFiles(Files):
    """What lies below the directory; `find` gives the place once it may be contacted, and `identify` what a path's version is."""

    def __init__(
        self, resource: str, find: Callable[[], Place], identify: Callable[[str], str], clone: str, *, read_only: bool
    ) -> None:
        super().__init__(resource)
        self._find = find
        self._identify = identify
        self._clone = clone
        self._read_only = read_only

    def info(self, path: str) -> FileInfo:
        place = self._find()
        return _info(path, place.hold(lambda _: about(place.at(path), _follow(place.at(path)))))

    def list(self, path: str = "") -> Iterator[FileInfo]:
        place = self._find()
        if not self.info(path).is_directory:
            raise NotADirectoryError(path)
        for each in place.hold(lambda _: about(place.at(path), list_directory(place.at(path)))):
            name = os.fsdecode(each.name)
            if not is_staging(name):
                below = f"{path}/{name}" if path else name
                yield self._look(below) if stat.S_ISLNK(each.attributes.mode) else _info(below, each.attributes)

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        info = self.info(path)
        if info.is_directory:
            raise IsADirectoryError(path)
        return self._read(path, start, info.size if length is None else min(info.size, start + length))

    def open(self, path: str) -> BinaryIO:
        info = self.info(path)
        if info.is_directory:
            raise IsADirectoryError(path)
        return read_ahead(_Ahead(lambda start, end: self._read(path, start, min(end, info.size))), info.size)

    def version(self, path: str = "") -> str | None:
        return self._identify(path)

    def write(self, path: str, content: BinaryIO) -> None:
        self._check_writable()
        place = self._find()
        fresh = place.at(staging_name(self._clone))
        parts = path.split("/")[:-1]
        above = [place.at("/".join(parts[:count])) for count in range(1, len(parts) + 1)]
        try:
            place.hold(lambda _: about(place.at(path), make_file(fresh, plain_mode(executable=False))))
            fill(place, fresh, content, None, of=place.at(path))
            place.hold(lambda _: about(place.at(path), make_directories(above)))
            place.hold(lambda session: about(place.at(path), _replace(session, fresh, place.at(path))))
        except BaseException:
            with suppress(DwsError, OSError):
                place.hold(lambda _: about(fresh, remove_if_there(fresh)))
            raise

    def remove(self, path: str) -> None:
        self._check_writable()
        place = self._find()
        found = place.hold(lambda _: about(place.at(path), look_for(place.at(path))))
        if found is None:
            raise FileNotFoundError(path)
        if stat.S_ISDIR(found.mode):
            raise IsADirectoryError(path)
        place.hold(lambda _: about(place.at(path), remove_if_there(place.at(path))))

    def _look(self, path: str) -> FileInfo:
        """Tell of what a link leads to; one that leads nowhere is there all the same."""
        try:
            return self.info(path)
        except FileNotFoundError:
            return FileInfo(path)

    def _read(self, path: str, start: int, end: int) -> bytes:
        place = self._find()
        whole = place.at(path)
        return b"".join(place.hold(lambda session: about(whole, _read_part(session, whole, start, end))))

    def _check_writable(self) -> None:
        if self._read_only:
            raise ReadOnlyFilesError(self.resource, "it was added with --read-only")


class _Ahead:
    """Asks for more than is wanted, where a file is read from one end to the other: each time twice as much as before."""

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read = read
        self._start, self._content, self._size = 0, b"", 0

    def __call__(self, start: int, length: int) -> bytes:
        inside = start - self._start
        if not 0 <= inside <= len(self._content) - length:
            goes_on = inside == len(self._content)
            self._size = min(2 * max(self._size, length), _AHEAD) if goes_on else length
            self._start, self._content, inside = start, self._read(start, start + max(self._size, length)), 0
        return self._content[inside : inside + length]


def _follow(path: bytes) -> Talk[Attributes]:
    (found,) = yield [look(path, follow=True)]
    attributes: Attributes = found
    return attributes


def _read_part(session: Session, path: bytes, start: int, end: int) -> Talk[list[bytes]]:
    _, parts = yield from read_piece(path, session.part, start, end)
    return parts


def _replace(session: Session, fresh: bytes, path: bytes) -> Talk[None]:
    """Give a file its name in place of what has it; where the reply was lost the first time, it has it already."""
    if (yield from look_for(fresh)) is None:
        return
    if _REPLACE in session.extensions:
        yield [extended(_REPLACE, fresh, path)]
        return
    try:
        yield [remove(path)]
    except SftpStatusError as error:
        if not error.is_missing:
            raise
    yield [rename(fresh, path)]


def _info(path: str, attributes: Attributes) -> FileInfo:
    is_directory = stat.S_ISDIR(attributes.mode)
    return FileInfo(path, is_directory, 0 if is_directory else attributes.size, float(attributes.modified))
