"""What every test of ssh needs: a home folder whose configuration leads to the server, and ways to open what lies there."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.plugin import StoreContext
from dws_core.testing import make_context
from dws_ssh.resource_type import SshDirectory
from dws_ssh.settings import SshSettings
from dws_ssh.store import SshStore
from tests.servers.sshd import Sshd


@pytest.fixture(scope="session")
def plain_key(sshd: Sshd) -> Path:
    """A key that the server takes, and that opens sftp and nothing else: no command is run for it."""
    key = sshd.directory / "plain_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    with (sshd.directory / "authorized_keys").open("a") as keys:
        keys.write(f'restrict,command="internal-sftp" {key.with_suffix(".pub").read_text()}')
    return key


@pytest.fixture
def configure(tmp_path: Path, sshd: Sshd) -> Callable[..., Path]:
    """Add a host to the user's configuration: `configure("cut", port, ConnectTimeout=1)`."""

    def add(host: str, port: int = sshd.port, **options: object) -> Path:
        file = tmp_path / "home of ada" / ".ssh" / "config"
        own = "".join(f"  {name} {value}\n" for name, value in options.items())
        usual = "".join(f"  {line}\n" for line in sshd.configuration.read_text().splitlines())
        with file.open("a") as lines:
            lines.write(f"Host {host}\n  HostName {sshd.host}\n  Port {port}\n{own}{usual}")
        return file

    return add


@pytest.fixture(autouse=True)
def home(tmp_path: Path, configure: Callable[..., Path], plain_key: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder: the names `server` and `plain` lead to the server, and nothing else is known."""
    home = tmp_path / "home of ada"
    (home / ".ssh").mkdir(parents=True)
    configure("server")
    configure("plain", IdentityFile=plain_key)  # keys are tried in their order, so this one before the usual one
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return home


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A directory of the server."""
    there = tmp_path / "on the server"
    there.mkdir()
    return there


@pytest.fixture
def open_it(tmp_path: Path, there: Path) -> Callable[..., SshDirectory]:
    """Open that directory as a resource, as each command does anew: `open_it("plain", read_only=True)`."""
    root = tmp_path / "workspace"
    root.mkdir()

    def open_at(host: str = "server", **given: Any) -> SshDirectory:
        settings = SshSettings(address=f"{host}:{there}", **given)
        shared = {key: value for key, value in settings.to_json().items() if value is not None}
        resource = Resource("data", Role.SOURCE_DATA, "ssh", "dws-ssh", shared, "2026-01-01T00:00:00Z", "0" * 64)
        return SshDirectory(resource, settings, make_context(root))

    return open_at


@pytest.fixture
def open_store(tmp_path: Path) -> Callable[..., SshStore]:
    """Open a store on the server, as each command does anew: `open_store("cut")`."""
    context = StoreContext(tmp_path / "private", make_context(tmp_path / "workspace").progress)
    return lambda host="server": SshStore(f"ssh://{host}{tmp_path}/store", context)
