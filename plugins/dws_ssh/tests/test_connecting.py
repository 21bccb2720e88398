"""The way to a server: as the user's ssh configuration says, to none that is not known, and one clear error where it ends."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dws_core.errors import DwsError, ToolFailedError
from dws_ssh.address import Address
from dws_ssh.errors import (
    AddressRefusedError,
    BadKeyError,
    ChangedHostError,
    LockedKeyError,
    LoginRefusedError,
    RevokedHostError,
    UnknownHostError,
    UnreachableError,
    WayNotKnownError,
)
from dws_ssh.place import Place
from dws_ssh.survey import check_top
from tests.servers.sshd import Sshd, free_port


def _reach(host: str, identity: Path | None = None, port: int | None = None) -> None:
    check_top(Place(Address(None, host, port, "/"), str(identity) if identity else None))


def _make_key(path: Path, passphrase: str = "") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(path)], check=True)
    return path


def _lock(key: Path) -> None:
    command = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "a passphrase", "-f", str(key)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def test_an_unknown_server_is_refused_with_the_line_that_would_add_it(sshd: Sshd, home: Path) -> None:
    """Nothing is added to what is known; the very line of the hint, run by the user, makes it known."""
    known = home / ".ssh" / "known_hosts"

    with pytest.raises(UnknownHostError, match=str(known)) as refusal:
        _reach(sshd.host, sshd.key, sshd.port)
    existed = known.exists()
    assert refusal.value.hint
    subprocess.run(["sh", "-c", refusal.value.hint.split("`")[1]], check=True, capture_output=True)
    _reach(sshd.host, sshd.key, sshd.port)

    assert not existed and f"ssh-keyscan -p {sshd.port} {sshd.host}" in refusal.value.hint


def test_a_changed_key_is_an_error_that_says_so(sshd: Sshd, home: Path, tmp_path: Path) -> None:
    """Somebody else may answer: the message says it, and the file that holds the other key."""
    other = " ".join(_make_key(tmp_path / "other").with_suffix(".pub").read_text().split()[:2])
    (home / ".ssh" / "known_hosts").write_text(f"[{sshd.host}]:{sshd.port} {other}\n")

    with pytest.raises(ChangedHostError, match=r"has changed to SHA256:.*somebody else") as refusal:
        _reach(sshd.host, sshd.key, sshd.port)

    assert refusal.value.hint and "ssh-keygen -R" in refusal.value.hint


def test_a_revoked_key_is_refused(sshd: Sshd, home: Path) -> None:
    """Even where another line knows it."""
    known = sshd.known_hosts.read_text()
    (home / ".ssh" / "known_hosts").write_text(known + "@revoked * " + " ".join(known.split()[1:3]) + "\n")

    with pytest.raises(RevokedHostError):
        _reach(sshd.host, sshd.key, sshd.port)


def test_each_way_of_not_getting_in_has_an_error_of_its_own(sshd: Sshd, home: Path, tmp_path: Path) -> None:
    """A key that is locked, wrong, missing or no key, and none at all."""
    shutil.copy(sshd.known_hosts, home / ".ssh" / "known_hosts")
    locked = _make_key(tmp_path / "locked", "a passphrase")
    expected: dict[Path | None, type[ToolFailedError]] = {
        locked: LockedKeyError,
        _make_key(tmp_path / "wrong"): LoginRefusedError,
        tmp_path / "nothing": BadKeyError,
        home / ".ssh" / "known_hosts": BadKeyError,
        None: LoginRefusedError,
    }

    for key, kind in expected.items():
        with pytest.raises(kind) as refusal:
            _reach(sshd.host, key, sshd.port)
        assert refusal.value.hint
    _make_key(home / ".ssh" / "id_ed25519")
    with pytest.raises(LoginRefusedError, match="id_ed25519"):
        _reach(sshd.host, None, sshd.port)


def test_the_agent_unlocks_what_is_locked(sshd: Sshd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """As ssh does: the agent's keys first, and of a file that is locked the public key tells which one it is."""
    shutil.copy(sshd.known_hosts, home / ".ssh" / "known_hosts")
    key = tmp_path / "copy"
    shutil.copy(sshd.key, key)
    shutil.copy(f"{sshd.key}.pub", f"{key}.pub")
    place = str(tmp_path / "agent")
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", place], stdout=subprocess.DEVNULL)
    try:
        while not Path(place).exists():
            assert agent.poll() is None
        monkeypatch.setenv("SSH_AUTH_SOCK", place)
        subprocess.run(["ssh-add", "-q", str(key)], check=True, capture_output=True)
        subprocess.run(
            ["ssh-keygen", "-q", "-p", "-P", "", "-N", "a passphrase", "-f", str(key)], check=True, capture_output=True
        )

        _reach(sshd.host, key, sshd.port)
    finally:
        agent.terminate()
        agent.wait()


def test_a_server_that_cannot_be_reached_is_named_with_the_reason(silent: int, configure: Callable[..., Path]) -> None:
    """Nobody listens, nobody has the name, nobody says anything within the configuration's time."""
    configure("silent", silent, ConnectTimeout=1)
    configure("nobody", free_port())

    for host, reason in (
        ("silent", "does not answer|banner"),
        ("nobody", "refused"),
        ("no-such-host.invalid", "known|resolution"),
    ):
        with pytest.raises(UnreachableError, match=reason) as refusal:
            _reach(host)
        assert refusal.value.hint


def test_another_server_on_the_way_is_passed_through(configure: Callable[..., Path]) -> None:
    """ProxyJump is done without any program."""
    configure("behind", ProxyJump="server")

    _reach("behind")


def test_a_way_that_starts_a_program_is_refused(configure: Callable[..., Path], tmp_path: Path) -> None:
    """Also where the user's own configuration asks for it: the error says which option."""
    configure("behind", ProxyCommand=f"touch {tmp_path}/started")

    with pytest.raises(WayNotKnownError, match="ProxyCommand"):
        _reach("behind")

    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    "text", ["-oProxyCommand=x:/p", "a b:/p", "h$(x):/p", "me@-h:/p", "host:relative", "host", "h:0:/p", "h:/a/../b"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    """Users and hosts are plain names that can be taken for no option; a path is absolute."""
    with pytest.raises(AddressRefusedError) as refusal:
        Address.typed(text)

    assert isinstance(refusal.value, DwsError) and refusal.value.hint


def test_an_address_is_the_same_as_its_url() -> None:
    """Whatever the path's bytes are."""
    address = Address.typed("me@host.example:2222:/a b/caf\udce9//c/")

    assert address == Address("me", "host.example", 2222, "/a b/caf\udce9/c")
    assert Address.of_url(address.url) == address and Address.typed(address.text) == address
