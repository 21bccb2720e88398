"""The ssh store: what is kept is a file each in a directory of a server, which appears whole and stays."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import EntryTakenError, PathRefusedError, StoreAwayError
from dws_core.plugin import Kept, Store, StoreContext
from dws_ssh.address import Address
from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import Attributes, Named
from dws_ssh.place import Place, about
from dws_ssh.putting import clock, fresh_name, put_new, remove_if_there
from dws_ssh.session import Session, Talk
from dws_ssh.sums import sums
from dws_ssh.talks import PIECE, PIECES_READ, list_directory, look_for, make_directories, read_file

_COMPONENT = re.compile(r"[a-z0-9][a-z0-9.-]*")
_FRESH = re.compile(rb"\.dws-put-[0-9a-f]{24}")
_OLD = 24 * 60 * 60


class SshStore(Store):
    """A directory of a server, which need not be there yet. Nothing of it is taken that is reached through a symlink."""

    def __init__(self, url: str, context: StoreContext) -> None:
        super().__init__(url, context)
        self._place = Place(Address.of_url(url))

    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        return Address.of_url(url).url

    def prepare(self) -> None:
        """K2: but for the directories above it. What was put by halves and given up a day ago is removed."""
        self._place.hold(lambda _: about(self._place.top, make_directories([self._place.top])))
        fresh = self._place.at(fresh_name())
        now = self._place.hold(lambda _: about(fresh, clock(fresh)))
        old = [path for path, each in self._walk("") if _FRESH.fullmatch(each.name) and now - each.attributes.modified > _OLD]
        for _ in self._place.each(old, lambda _, path: about(path, remove_if_there(path))):
            pass

    def list(self, prefix: str) -> Iterator[Kept]:
        for path, each in self._walk(prefix):
            name = self._name(path)
            if name.startswith(prefix) and _is_name(name) and stat.S_ISREG(each.attributes.mode):
                yield Kept(name, each.attributes.size)

    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        path = self._path(name)
        parts = self._place.hold(lambda session: about(path, read_file(path, session.part, start, length)))
        if parts is None:
            raise FileNotFoundError(name)
        return b"".join(parts)

    def fetch(self, name: str, file: BinaryIO) -> None:
        path = self._path(name)
        found = self._look(path)
        if found is None or not stat.S_ISREG(found.mode):
            raise FileNotFoundError(name)

        def begin(session: Session, start: int) -> Talk[list[bytes] | None]:
            return about(path, read_file(path, session.part, start, PIECE))

        early: dict[int, list[bytes]] = {}
        place = 0
        for start, parts in self._place.each(range(0, found.size, PIECE), begin, PIECES_READ):
            early[start] = parts or []
            while place in early:
                file.writelines(early.pop(place))
                place += PIECE

    def put(self, name: str, content: BinaryIO, size: int) -> None:
        path = self._path(name)
        found = self._look(path)
        if found is not None:
            if not stat.S_ISREG(found.mode):
                raise EntryTakenError(self._place.shown(path))
            return
        above = [self._place.at(str(each)) for each in [*Path(name).parents][-2::-1]]
        try:
            put_new(self._place, above or [self._place.top], path, content, size)
        except FileNotFoundError as error:
            raise StoreAwayError(self._place.shown(self._place.top)) from error

    def checksum(self, name: str) -> str | None:
        path = self._path(name)
        found = self._look(path)
        if found is None or not stat.S_ISREG(found.mode):
            raise FileNotFoundError(name)
        return (self._place.using(lambda connection: sums(connection, [path])) or {}).get(path)

    def _walk(self, prefix: str) -> Iterator[tuple[bytes, Named]]:
        """Yield all but directories, with their whole paths, in those directories that may hold names with that prefix."""
        waiting = [self._place.top]
        while waiting:
            found = [*self._place.each(waiting, lambda _, path: about(path, _list(path)))]
            waiting = []
            for path, entries in found:
                for each in entries:
                    below = path.rstrip(b"/") + b"/" + each.name
                    if not stat.S_ISDIR(each.attributes.mode):
                        yield below, each
                    elif self._may_hold(below, prefix):
                        waiting.append(below)

    def _may_hold(self, directory: bytes, prefix: str) -> bool:
        name = self._name(directory)
        return _is_name(name) and f"{name}/".startswith(prefix[: len(name) + 1])

    def _name(self, path: bytes) -> str:
        return path[len(self._place.at("x")) - 1 :].decode("ascii", "replace")

    def _path(self, name: str) -> bytes:
        if not _is_name(name):
            raise PathRefusedError(name, "it is no name of something that a store keeps")
        return self._place.at(name)

    def _look(self, path: bytes) -> Attributes | None:
        return self._place.hold(lambda _: about(path, look_for(path)))


def _is_name(name: str) -> bool:
    return all(_COMPONENT.fullmatch(each) for each in name.split("/"))


def _list(path: bytes) -> Talk[list[Named]]:
    """List a directory; what was never made, or was removed meanwhile, holds nothing."""
    try:
        return (yield from list_directory(path))
    except SftpStatusError as error:
        if not error.is_missing:
            raise
        return []
