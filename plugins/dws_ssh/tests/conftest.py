"""What every test of ssh needs: a home folder whose configuration leads to the server, and a place there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.sshd import Sshd


@pytest.fixture(autouse=True)
def home(tmp_path: Path, sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder: `ssh server` leads to the server, and nothing else is known."""
    home = tmp_path / "home of ada"
    (home / ".ssh").mkdir(parents=True)
    lines = "".join(f"  {line}\n" for line in sshd.configuration.read_text().splitlines())
    (home / ".ssh" / "config").write_text(f"Host server\n  HostName {sshd.host}\n  Port {sshd.port}\n{lines}")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    yield home
