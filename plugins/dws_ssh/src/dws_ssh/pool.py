"""The connections of this process to one server: lent, given back, and made again where one was lost in the middle."""

import atexit
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any, TypeVar

from dws_ssh.connection import Connection, Login
from dws_ssh.errors import LostError, ServerGoneError, UnreachableError
from dws_ssh.packets import Request
from dws_ssh.session import Session, Talk

T = TypeVar("T")
R = TypeVar("R")

_MOST = 8
_PAUSES = (0.1, 0.5, 2.0, 5.0)
AT_ONCE = 128


class Pool:
    """Connections to one server; several threads use it at once, each with a connection of its own."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self._idle: list[Connection] = []
        self._lock = Lock()
        self._places = BoundedSemaphore(_MOST)

    def ask(self, request: Request) -> Any:
        """Ask one thing that may be asked twice; SftpStatusError."""
        return self.using(lambda connection: connection.sftp.ask(request))

    def hold(self, begin: Callable[[Session], Talk[R]]) -> R:
        """Hold a conversation, from its beginning again where the connection is lost in the middle."""
        return self.using(lambda connection: connection.sftp.hold(begin(connection.sftp)))

    def using(self, work: Callable[[Connection], R]) -> R:
        """Do what may be done again with a connection, and do it again where that is lost; ServerGoneError."""
        tries = _Tries(self.login)
        while True:
            try:
                with self._connection(tries) as connection:
                    return work(connection)
            except LostError as error:
                tries.failed(error)

    def each(self, things: Sequence[T], begin: Callable[[Session, T], Talk[R]], at_once: int = AT_ONCE) -> Iterator[tuple[T, R]]:
        """Hold a conversation about each of many things, and yield each thing with what came of it, in any order.

        Where the connection is lost, what has not ended is begun again with another one; ServerGoneError in the end.
        """
        left = dict(enumerate(things))
        tries = _Tries(self.login)
        while left:
            try:
                with self._connection(tries) as connection:
                    session = connection.sftp
                    talks = (_numbered(number, begin(session, thing)) for number, thing in list(left.items()))
                    for number, result in session.converse(talks, at_once):
                        tries.succeeded()
                        yield left.pop(number), result
            except LostError as error:
                tries.failed(error)

    def close(self) -> None:
        """End all connections that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for each in idle:
            each.close()

    @contextmanager
    def _connection(self, tries: "_Tries") -> Iterator[Connection]:
        """Lend a connection; one with which something went wrong is not lent again."""
        with self._places:
            connection = self._take() or tries.connect()
            try:
                yield connection
            finally:
                if connection.is_alive and connection.sftp.is_idle:
                    with self._lock:
                        self._idle.append(connection)
                else:
                    connection.close()

    def _take(self) -> Connection | None:
        with self._lock:
            while self._idle:
                connection = self._idle.pop()
                if connection.is_alive:
                    return connection
                connection.close()
        return None


class _Tries:
    """How often something was tried without any success."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._count = 0

    def connect(self) -> Connection:
        """Make a connection; a server that was never reached is told of at once, and waited for where it was."""
        try:
            return Connection(self._login)
        except UnreachableError as error:
            if not self._count:
                raise
            raise LostError(error.message) from error

    def succeeded(self) -> None:
        self._count = 0

    def failed(self, error: LostError) -> None:
        """Wait, a little longer each time; ServerGoneError in the end."""
        if self._count == len(_PAUSES):
            raise ServerGoneError(self._login.host, self._login.port, str(error), self._count + 1) from error
        time.sleep(_PAUSES[self._count])
        self._count += 1


def _numbered(number: int, talk: Talk[R]) -> Talk[tuple[int, R]]:
    result = yield from talk
    return number, result


class _Pools:
    """The pools of this process; one that was forked begins with none, since the connections are its parent's."""

    def __init__(self) -> None:
        self._pools: dict[Login, Pool] = {}
        self._given_up: list[dict[Login, Pool]] = []
        self._lock = Lock()

    def of(self, login: Login) -> Pool:
        with self._lock:
            return self._pools.setdefault(login, Pool(login))

    def close(self) -> None:
        with self._lock:
            pools = [*self._pools.values()]
        for each in pools:
            each.close()

    def forget(self) -> None:
        self._given_up.append(self._pools)  # else they were closed here, and the parent's with them
        self._pools, self._lock = {}, Lock()


_POOLS = _Pools()
atexit.register(_POOLS.close)
os.register_at_fork(after_in_child=_POOLS.forget)


def pool_of(login: Login) -> Pool:
    """Give the connections of this process to a server, none of which may be there yet."""
    return _POOLS.of(login)
