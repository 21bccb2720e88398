"""Showing a server who we are: the agent's keys and the files, in the order in which ssh tries them."""

import base64
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import paramiko
from paramiko.pkey import UnknownKeyType

from dws_ssh.connection.configuration import Login
from dws_ssh.errors import BadKeyError, LockedKeyError, LoginRefusedError


def log_in(transport: paramiko.Transport, login: Login) -> None:
    """Show one key after the other until the server takes one; LoginRefusedError, LockedKeyError, BadKeyError."""
    locked: list[Path] = []
    tried: list[str] = []
    with closing(paramiko.Agent()) as agent:
        for name, key in _keys(login, agent, locked):
            tried.append(name)
            try:
                if not transport.auth_publickey(login.user, key):
                    return
            except paramiko.BadAuthenticationType as error:
                raise LoginRefusedError(
                    login.user, login.host, [*tried, f"(it allows {', '.join(error.allowed_types)})"]
                ) from error
            except paramiko.AuthenticationException:
                continue
    if locked:
        raise LockedKeyError(str(locked[0]))
    raise LoginRefusedError(login.user, login.host, tried)


def _keys(login: Login, agent: paramiko.Agent, locked: list[Path]) -> Iterator[tuple[str, paramiko.PKey]]:
    """Yield the agent's keys that are wanted by name, its others, then those that lie in files alone."""
    offered = {key.asbytes(): key for key in agent.get_keys()}
    wanted = [(file, _public(file)) for file in login.identities]
    for file, public in wanted:
        if public in offered:
            yield f"{file} (of the agent)", offered.pop(public)
    if not login.only_these:
        yield from ((f"{key.comment or key.fingerprint} (of the agent)", key) for key in offered.values())
    for file, _ in wanted:
        key = _load(file, login, locked)
        if key is not None:
            yield str(file), key


def _load(file: Path, login: Login, locked: list[Path]) -> paramiko.PKey | None:
    try:
        return paramiko.PKey.from_path(file)
    except (paramiko.PasswordRequiredException, TypeError):  # a TypeError is what a locked key of the older form is
        locked.append(file)
    except FileNotFoundError as error:
        if login.must_exist:
            raise BadKeyError(str(file), "there is no such file") from error
    except (OSError, ValueError, paramiko.SSHException, UnknownKeyType) as error:
        if login.must_exist:
            raise BadKeyError(str(file), str(error)) from error
    return None


def _public(file: Path) -> bytes | None:
    """Read which key a file holds from the public one beside it."""
    try:
        return base64.b64decode(Path(f"{file}.pub").read_bytes().split()[1])
    except (OSError, ValueError, IndexError):
        return None
