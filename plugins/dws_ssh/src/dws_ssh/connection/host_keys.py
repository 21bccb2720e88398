"""Whether a server is the one that it claims to be: only known keys are taken, and nothing is ever added to what is known."""

from collections.abc import Iterable
from pathlib import Path

import paramiko

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


def _known(login: Login) -> Iterable[tuple[Path, paramiko.PKey]]:
    for file in login.known_hosts:
        keys = paramiko.HostKeys()
        try:
            keys.load(str(file))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, paramiko.SSHException) as error:
            raise BadConfigurationError(str(file), str(error)) from error
        yield from ((file, key) for key in (keys.lookup(login.name) or {}).values())


def _revoked(file: Path) -> set[str]:
    try:
        lines = file.read_text(errors="replace").splitlines()
    except OSError:
        return set()
    return {line.split()[3] for line in lines if line.startswith("@revoked") and len(line.split()) > 3}
