"""Whether a server is the one that it claims to be: only known keys are taken, and nothing is ever added to what is known."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import paramiko
from paramiko.hostkeys import HostKeyEntry

from dws_ssh.connection.configuration import Login
from dws_ssh.errors import BadConfigurationError, ChangedHostError, RevokedHostError, UnknownHostError


def known_kinds(login: Login) -> list[str]:
    """Name the kinds of keys that are known of a server: it is asked for one of these first."""
    return [key.get_name() for _, key in _known(login)]


def check_host_key(login: Login, key: paramiko.PKey) -> None:
    """Raise an error unless this is the key by which the server is known."""
    own = login.known_hosts[0]
    for file in login.known_hosts:
        if key.get_base64() in _revoked(file):
            raise RevokedHostError(login.host, login.port, key.fingerprint, file)
    known = list(_known(login))
    if not known:
        raise UnknownHostError(login.host, login.port, key.fingerprint, own, login.name)
    if key not in [each for _, each in known]:
        raise ChangedHostError(login.host, login.port, key.fingerprint, known[0][0], login.name)


def _known(login: Login) -> Iterator[tuple[Path, paramiko.PKey]]:
    for file in login.known_hosts:
        keys = paramiko.HostKeys()
        for line in _lines(file):
            if line and line[0] not in "#@":
                _add(keys, line)
        yield from ((file, key) for key in (keys.lookup(login.name) or {}).values())


def _add(keys: paramiko.HostKeys, line: str) -> None:
    """Take a line in; one that makes no sense is passed over, as ssh does."""
    with suppress(paramiko.SSHException, ValueError):
        entry = HostKeyEntry.from_line(line)
        if entry is not None and entry.key is not None:
            for name in entry.hostnames or ():
                keys.add(name, entry.key.get_name(), entry.key)


def _revoked(file: Path) -> set[str]:
    marked = (line.split() for line in _lines(file) if line.startswith("@revoked"))
    return {words[3] for words in marked if len(words) > 3}


def _lines(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text(errors="replace").splitlines()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadConfigurationError(str(file), str(error)) from error
