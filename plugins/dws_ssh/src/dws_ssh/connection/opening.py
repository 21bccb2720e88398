"""Connections to a server: opened, and used for sftp and for the one command that is ever run there."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import paramiko

from dws_ssh.connection.configuration import Login
from dws_ssh.connection.host_keys import check_host_key, known_kinds
from dws_ssh.connection.keys import log_in
from dws_ssh.errors import LostError, NoSftpError, UnreachableError
from dws_ssh.packets import resolve
from dws_ssh.session import Session

_WINDOW = 16 * 1024 * 1024
_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr")
_KEEPALIVE = 15
_RECEIVED, _SENT = 1024 * 1024, 16 * 1024

# What goes wrong is told by our errors; without a handler, Python would print what paramiko's threads have to say.
logging.getLogger("paramiko").addHandler(logging.NullHandler())


class Connection:
    """A connection of its own to a server, with its sftp session; used by one thread at a time."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self._before = Connection(login.jump) if login.jump else None
        self._transport = _connect(login, self._before)
        try:
            log_in(self._transport, login)
            self._transport.set_keepalive(_KEEPALIVE)
            self.sftp = Session(_Wire(self._open_sftp(), login.patience))
        except (OSError, EOFError, paramiko.SSHException) as error:
            self.close()
            raise UnreachableError(login.host, login.port, _reason(error)) from error
        except BaseException:
            self.close()
            raise

    @property
    def is_alive(self) -> bool:
        return bool(self._transport.is_active())

    def tunnel(self, host: str, port: int) -> Any:
        """Open the way from the server on to another one."""
        return self._transport.open_channel("direct-tcpip", (host, port), ("127.0.0.1", 0), timeout=self.login.connect)

    def run(self, command: str, given: bytes) -> bytes | None:
        """Run a command there, which must be a constant, and answer what it prints; None where that is not allowed."""
        try:
            with self._transport.open_session(timeout=self.login.patience) as channel:
                channel.settimeout(self.login.patience)
                channel.exec_command(command)
                return self._talk_to(channel, given)
        except (paramiko.SSHException, OSError, EOFError) as error:
            if not self.is_alive:
                raise LostError(_reason(error)) from error
            return None

    def _talk_to(self, channel: paramiko.Channel, given: bytes) -> bytes:
        """Send what a command reads, while what it prints is taken; it may think for as long as the server is there."""
        printed, sent = bytearray(), 0
        while sent < len(given):
            while channel.recv_ready():
                printed += channel.recv(_RECEIVED)
            with self._waiting():
                sent += channel.send(given[sent : sent + _SENT])
        with suppress(OSError):
            channel.shutdown_write()
        ended = False
        while not ended:
            with self._waiting():
                received = channel.recv(_RECEIVED)
                printed += received
                ended = not received
        return bytes(printed)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Look whether the server is still there, where what is waited for has not come in time; LostError."""
        try:
            yield
        except TimeoutError:
            self.sftp.ask(resolve(b"."))

    def close(self) -> None:
        _end(self._transport)
        if self._before is not None:
            self._before.close()

    def _open_sftp(self) -> paramiko.Channel:
        channel = self._transport.open_session(window_size=_WINDOW, timeout=self.login.connect)
        try:
            channel.invoke_subsystem("sftp")
        except paramiko.SSHException as error:
            raise NoSftpError(self.login.host, _reason(error)) from error
        return channel


class _Wire:
    """A channel that carries a session."""

    def __init__(self, channel: paramiko.Channel, patience: float) -> None:
        self._channel = channel
        self._patience = patience
        channel.settimeout(patience)

    def send(self, content: bytes) -> None:
        try:
            self._channel.sendall(content)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise LostError(self._said(error)) from error

    def receive(self, size: int) -> bytes:
        try:
            received = self._channel.recv(size)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise LostError(self._said(error)) from error
        if not received:
            raise LostError("the connection was closed")
        return received

    def _said(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"the server said nothing for {self._patience:g} seconds"
        return _reason(error)


def _connect(login: Login, before: Connection | None) -> paramiko.Transport:
    """Reach a server, and make sure that it is the right one."""
    try:
        carrier = before.tunnel(login.host, login.port) if before else _socket(login)
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise UnreachableError(login.host, login.port, _reason(error)) from error
    transport = paramiko.Transport(carrier, default_window_size=_WINDOW)
    try:
        transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = login.connect
        _choose(transport, login)
        transport.start_client(timeout=login.connect)
        if not transport.initial_kex_done:  # it returns as well where the time is over
            raise TimeoutError
        check_host_key(login, transport.get_remote_server_key())
    except (OSError, EOFError, paramiko.SSHException) as error:
        _end(transport)
        raise UnreachableError(login.host, login.port, _reason(error)) from error
    except BaseException:
        _end(transport)
        raise
    return transport


def _end(transport: paramiko.Transport) -> None:
    """Close a connection, also one that never came about, whose socket paramiko leaves open."""
    transport.close()
    transport.sock.close()


def _socket(login: Login) -> socket.socket:
    made = socket.create_connection((login.host, login.port), timeout=login.connect)
    # Without it some replies wait for 40 ms each, until the system sends the acknowledgement of the one before.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _choose(transport: paramiko.Transport, login: Login) -> None:
    """Put first what is quickest, and the kinds of host keys that are known."""
    options = transport.get_security_options()
    options.ciphers = [each for each in _CIPHERS if each in options.ciphers]
    kinds = known_kinds(login)
    wanted = [*(("rsa-sha2-512", "rsa-sha2-256") if "ssh-rsa" in kinds else ()), *kinds]
    first = [each for each in dict.fromkeys(wanted) if each in options.key_types]
    options.key_types = [*first, *(each for each in options.key_types if each not in first)]


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return getattr(error, "strerror", None) or str(error) or "the connection was closed"
