"""What every test of this plugin has at hand: remotes of its own."""

from pathlib import Path

import pytest

from dws_core.errors import ToolMissingError
from plugins.dws_rclone.tests.places import There, make_place
from plugins.dws_rclone.tests.remotes import NEEDED, Remotes, make_remotes


@pytest.fixture
def remotes(tmp_path: Path) -> Remotes:
    """A configuration of rclone, with a remote on this machine."""
    try:
        return make_remotes(tmp_path.resolve() / "remotes")
    except ToolMissingError:
        pytest.skip(NEEDED)


@pytest.fixture(scope="session")
def shared_remotes(tmp_path_factory: pytest.TempPathFactory) -> Remotes:
    """A configuration for tests that take a directory of their own at its remote."""
    try:
        return make_remotes(tmp_path_factory.mktemp("remotes").resolve())
    except ToolMissingError:
        pytest.skip(NEEDED)


@pytest.fixture(params=["disk", "sftp", "s3"])
def there(request: pytest.FixtureRequest, tmp_path: Path, remotes: Remotes, monkeypatch: pytest.MonkeyPatch) -> There:
    """A place at a remote of each kind."""
    monkeypatch.setenv("RCLONE_CONFIG", str(remotes.config))
    return make_place(request.param, remotes, tmp_path / "served", request.getfixturevalue)


@pytest.fixture
def disk(remotes: Remotes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> There:
    """A place at a remote that is a directory of this machine."""
    monkeypatch.setenv("RCLONE_CONFIG", str(remotes.config))
    return make_place("disk", remotes, tmp_path / "served", lambda _: None)
