"""What the user's own ssh configuration says of a server: nothing of it ever comes from a workspace."""

import getpass
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import paramiko

from dws_ssh.address import check_name
from dws_ssh.errors import BadConfigurationError, WayNotKnownError

_SYSTEM = (Path("/etc/ssh/ssh_config"), Path("/etc/ssh/ssh_known_hosts"))
_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")
_CONNECT, _PATIENCE, _MISSES = 20.0, 60.0, 3
_JUMP = re.compile(r"(?:ssh://)?(?:(?P<user>[^@]+)@)?(?P<host>[A-Za-z0-9._][A-Za-z0-9._-]*)(?::(?P<port>\d+))?")
_NONE = "none"


@dataclass(frozen=True)
class Login:
    """All that it takes to log in at a server. `name` is what the server's key is known by, `jump` the server on the way.

    `patience` is how many seconds a server may say nothing, and `connect` how many it may take to be reached.
    """

    host: str
    port: int
    user: str
    name: str
    known_hosts: tuple[Path, ...]
    identities: tuple[Path, ...]
    must_exist: bool
    only_these: bool
    connect: float
    patience: float
    jump: "Login | None" = None


def find_login(host: str, port: int | None, user: str | None, identity: str | None) -> Login:
    """Find out how this user reaches a server; what is given here goes before what the configuration says."""
    return _login(_read_configuration(), host, port, user, identity, ())


def _login(
    configuration: paramiko.SSHConfig,
    host: str,
    port: int | None,
    user: str | None,
    identity: str | None,
    on_the_way: tuple[str, ...],
) -> Login:
    said = _lookup(configuration, host)
    name = said.get("hostname", host)
    found_port = port or _number(said, "port", 22)
    if said.get("proxycommand", _NONE).lower() != _NONE:
        raise WayNotKnownError(host, "ProxyCommand")
    identities = (Path(identity).expanduser(),) if identity else tuple(_paths(_listed(said.get("identityfile"))))
    only = bool(identity) or said.get("identitiesonly", "no").lower() == "yes"
    interval = _number(said, "serveraliveinterval", 0)
    return Login(
        host=name,
        port=found_port,
        user=user or said.get("user") or getpass.getuser(),
        name=said.get("hostkeyalias") or (name if found_port == 22 else f"[{name}]:{found_port}"),
        known_hosts=_known_hosts(said),
        identities=identities or tuple(Path.home() / ".ssh" / key for key in _KEYS),
        must_exist=bool(identity),
        only_these=only,
        connect=float(_number(said, "connecttimeout", 0)) or _CONNECT,
        patience=float(interval * _number(said, "serveralivecountmax", _MISSES)) or _PATIENCE,
        jump=_jump(configuration, said.get("proxyjump", _NONE), (*on_the_way, host)),
    )


def _jump(configuration: paramiko.SSHConfig, jumps: str, on_the_way: tuple[str, ...]) -> Login | None:
    """Find out how the last server on the way is reached, through those before it."""
    if jumps.lower() == _NONE:
        return None
    before, _, last = jumps.rpartition(",")
    found = _JUMP.fullmatch(last.strip())
    if found is None or found["host"] in on_the_way:
        raise WayNotKnownError(on_the_way[-1], f"ProxyJump {jumps}")
    login = _login(configuration, found["host"], int(found["port"] or 0) or None, found["user"], None, on_the_way)
    if not before:
        return login
    return Login(**{**vars(login), "jump": _jump(configuration, before, (*on_the_way, found["host"]))})


def _read_configuration() -> paramiko.SSHConfig:
    configuration = paramiko.SSHConfig()
    for path in (Path.home() / ".ssh" / "config", _SYSTEM[0]):
        try:
            with path.open() as lines:
                configuration.parse(lines)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, paramiko.ConfigParseError) as error:
            raise BadConfigurationError(str(path), str(error)) from error
    return configuration


def _lookup(configuration: paramiko.SSHConfig, host: str) -> paramiko.SSHConfigDict:
    try:
        return configuration.lookup(check_name(host))
    except (paramiko.SSHException, ImportError, OSError) as error:
        raise BadConfigurationError("the ssh configuration", str(error)) from error


def _known_hosts(said: paramiko.SSHConfigDict) -> tuple[Path, ...]:
    own = _paths(_words(said.get("userknownhostsfile", ""))) or [Path.home() / ".ssh" / "known_hosts"]
    return (*own, *(_paths(_words(said.get("globalknownhostsfile", ""))) or [_SYSTEM[1]]))


def _paths(texts: list[str]) -> list[Path]:
    return [Path(text.strip('"')).expanduser() for text in texts if text.lower() != _NONE]


def _listed(value: str | list[str] | None) -> list[str]:
    """Take the one option that may be given more than once."""
    return [value] if isinstance(value, str) else value or []


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise BadConfigurationError("the ssh configuration", f"{text!r}: {error}") from error


def _number(said: paramiko.SSHConfigDict, name: str, usual: int) -> int:
    text = said.get(name, str(usual))
    try:
        return int(text)
    except ValueError as error:
        raise BadConfigurationError("the ssh configuration", f"{name} {text!r} is no number") from error
