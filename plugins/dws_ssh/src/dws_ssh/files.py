"""The files of a directory of a server, as they are now."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import BinaryIO

from dws_core.errors import DwsError, ReadOnlyFilesError
from dws_core.plugin import FileInfo, Files, Objects, TreeFiles
from dws_core.plugin.staging import is_staging, plain_mode
from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import Attributes, extended, look, remove, rename
from dws_ssh.place import Place, about
from dws_ssh.putting import fill, remove_if_empty, remove_if_there
from dws_ssh.sending import staging_name
from dws_ssh.session import Session, Talk
from dws_ssh.talks import list_directory, look_for, make_directories, make_file, read_piece

_REPLACE = "posix-rename@openssh.com"


class RemoteFiles(Files):
    """What lies below the directory; `find` gives the place once it may be contacted, and `identify` what a path's version is.

    `why_not` says why nothing may be written, if so.
    """

    def __init__(
        self, resource: str, find: Callable[[], Place], identify: Callable[[str], str], clone: str, why_not: str = ""
    ) -> None:
        super().__init__(resource)
        self._find = find
        self._identify = identify
        self._clone = clone
        self._why_not = why_not

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

    def version(self, path: str = "") -> str | None:
        return self._identify(path)

    def write(self, path: str, content: BinaryIO) -> None:
        self._check_writable()
        place = self._find()
        fresh = place.at(staging_name(self._clone))
        parts = path.split("/")[:-1]
        above = [place.at("/".join(parts[:count])) for count in range(1, len(parts) + 1)]
        found = place.hold(lambda _: about(place.at(path), look_for(place.at(path))))
        if found is not None and stat.S_ISDIR(found.mode):
            raise IsADirectoryError(path)
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
            if any(self.list(path)):
                raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), path)
            place.hold(lambda _: about(place.at(path), remove_if_empty(place.at(path))))
        else:
            place.hold(lambda _: about(place.at(path), remove_if_there(place.at(path))))
        above = path.rpartition("/")[0]
        while above and place.hold(partial(_remove_emptied, place.at(above))):
            above = above.rpartition("/")[0]

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
        if self._why_not:
            raise ReadOnlyFilesError(self.resource, self._why_not)


class RecordedFiles(TreeFiles):
    """What a recorded version holds; `identify` gives what a path's version is."""

    def __init__(self, resource: str, objects: Objects, tree: str, identify: Callable[[str], str]) -> None:
        super().__init__(resource, objects, tree)
        self._identify = identify

    def version(self, path: str = "") -> str | None:
        return self._identify(path)


def _remove_emptied(path: bytes, _: Session) -> Talk[bool]:
    """Remove a directory that holds nothing, and tell whether it is gone."""
    yield from remove_if_empty(path)
    return (yield from look_for(path)) is None


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
