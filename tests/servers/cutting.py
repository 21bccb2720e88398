"""A network that fails: a proxy on loopback that cuts a connection after some bytes, delays it or refuses it."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 1 << 14


class Cutting:
    """A proxy at work; its attributes may be changed at any time, and hold for the connections made from then on.

    `limit` is how many bytes of one connection pass, in both directions together, before it is reset; None is all. `delay` is
    how many seconds each piece waits; `refuses` resets a connection before anything passes. `passed` counts all that passed.
    """

    def __init__(self, target: int, listening: socket.socket) -> None:
        self.target = target
        self.limit: int | None = None
        self.delay = 0.0
        self.refuses = False
        self.passed = 0
        self._listening = listening
        self._connections: list[_Connection] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listening.getsockname()[1])

    def serve(self) -> None:
        """Take connections until it listens no more."""
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def cut_all(self) -> None:
        """Reset what is open."""
        for each in self._connections:
            each.cut()

    def count(self, size: int) -> None:
        """Add to what passed."""
        self.passed += size

    def _connect(self, client: socket.socket) -> None:
        with client:
            if self.refuses:
                _reset_when_closed(client)
                return
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as server:
                connection = _Connection(self, client, server)
                self._connections.append(connection)
                connection.relay()


class _Connection:
    """What passes between a client and a server, both ways at once."""

    def __init__(self, proxy: Cutting, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._left = proxy.limit
        self._ends = (client, server)
        self._is_cut = False
        self._lock = threading.Lock()

    def relay(self) -> None:
        """Pass on what comes, until both have ended or it is cut."""
        ways = [threading.Thread(target=self._pass_on, args=ends, daemon=True) for ends in (self._ends, self._ends[::-1])]
        for way in ways:
            way.start()
        for way in ways:
            way.join()

    def cut(self) -> None:
        """End it as a network does that fails: with a reset, not an orderly end."""
        self._is_cut = True
        for each in self._ends:
            with suppress(OSError):
                _reset_when_closed(each)
                each.shutdown(socket.SHUT_RD)  # wakes whoever waits for more of it; the other side is told when it is closed

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(_CHUNK):
                time.sleep(self._proxy.delay)
                piece = self._allowed(chunk)
                target.sendall(piece)
                if len(piece) < len(chunk):
                    self.cut()
            if not self._is_cut:
                target.shutdown(socket.SHUT_WR)

    def _allowed(self, chunk: bytes) -> bytes:
        with self._lock:
            piece = chunk if self._left is None else chunk[: self._left]
            self._left = None if self._left is None else self._left - len(piece)
            self._proxy.count(len(piece))
        return piece


@contextmanager
def running_proxy(target: int) -> Iterator[Cutting]:
    """Start a proxy to a port of loopback, and end it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = Cutting(target, listening)
        thread = threading.Thread(target=proxy.serve, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            proxy.cut_all()


def _reset_when_closed(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
