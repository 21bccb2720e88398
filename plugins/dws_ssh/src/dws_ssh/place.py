"""A directory on a server at work: what is asked there, and what the server refuses as errors that name the file."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TypeVar

from dws_core.errors import DwsError
from dws_ssh.address import Address
from dws_ssh.connection import Connection, find_login
from dws_ssh.errors import RemoteFileError, RemoteForbiddenError, RemoteFullError, RemoteReadOnlyError, SftpStatusError
from dws_ssh.packets import extended, numbers
from dws_ssh.pool import AT_ONCE, Pool, pool_of
from dws_ssh.session import Session, Talk

T = TypeVar("T")
R = TypeVar("R")

_STATVFS = "statvfs@openssh.com"
_READ_ONLY = 1
_NEARLY_NOTHING = 64 * 1024


class RefusedError(Exception):
    """A refusal on its way to whoever can find out why: the path that it is about."""

    def __init__(self, path: bytes, error: SftpStatusError) -> None:
        super().__init__(path, error)
        self.path = path
        self.error = error


class Place:
    """The directory at an address; making it contacts nothing, and each method may be called by several threads."""

    def __init__(self, address: Address, identity: str | None = None) -> None:
        self.address = address
        self.top = address.raw_path
        self._identity = identity

    def at(self, path: str) -> bytes:
        """Give the whole path of what lies at a path below."""
        return self.top.rstrip(b"/") + b"/" + os.fsencode(path) if path else self.top

    def shown(self, path: bytes) -> str:
        """Name what lies at a whole path, as messages do."""
        return f"{self.address.text.removesuffix(self.address.path)}{os.fsdecode(path)}"

    def hold(self, begin: Callable[[Session], Talk[R]]) -> R:
        """Hold a conversation, which begins again where the connection is lost."""
        with self._told():
            return self._pool.hold(begin)

    def each(self, things: Sequence[T], begin: Callable[[Session, T], Talk[R]], at_once: int = AT_ONCE) -> Iterator[tuple[T, R]]:
        """Hold a conversation about each of many things, and yield it with what came of it, in any order."""
        with self._told():
            yield from self._pool.each(things, begin, at_once)

    def using(self, work: Callable[[Connection], R]) -> R:
        """Do what may be done again with a connection."""
        with self._told():
            return self._pool.using(work)

    @cached_property
    def _pool(self) -> Pool:
        return pool_of(find_login(self.address.host, self.address.port, self.address.user, self._identity))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except RefusedError as refused:
            raise self._error(refused.path, refused.error) from refused.error
        except SftpStatusError as error:
            raise self._error(self.top, error) from error

    def _error(self, path: bytes, error: SftpStatusError) -> DwsError | FileNotFoundError:
        place = self.shown(path)
        if error.is_missing:
            return FileNotFoundError(place)
        if error.code == SftpStatusError.PERMISSION_DENIED:
            return RemoteForbiddenError(place)
        if error.code == SftpStatusError.FAILURE:
            free, is_read_only = self._room()
            if is_read_only:
                return RemoteReadOnlyError(place)
            if free < _NEARLY_NOTHING:
                return RemoteFullError(place)
        return RemoteFileError(place, f"the server says {str(error)!r}")

    def _room(self) -> tuple[int, bool]:
        """Tell how many bytes are free there, and whether nothing may be written; much and no, where the server does not say."""
        try:
            block, unit, _, _, free, _, _, _, _, flags, _ = numbers(self._pool.ask(extended(_STATVFS, self.top)), 11)
        except SftpStatusError:
            return _NEARLY_NOTHING, False
        return free * (unit or block), bool(flags & _READ_ONLY)


def about(path: bytes, talk: Talk[R]) -> Talk[R]:
    """Hold a conversation whose refusals are about a path."""
    try:
        return (yield from talk)
    except SftpStatusError as error:
        raise RefusedError(path, error) from error
