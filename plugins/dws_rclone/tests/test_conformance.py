"""The type rclone, and its store, keep the contract's promises."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dws_core.model.role import Role
from dws_core.plugin import ResourceType, Store, StoreContext
from dws_core.testing import Content, File, Item, ResourceTypeSuite, StoreSuite, read_directory, write_directory
from dws_core.testing.content import DIRECTORY_SAMPLES
from dws_core.testing.context import Silence
from dws_rclone.hooks import dws_resource_types
from dws_rclone.listed_type import RcloneListed
from dws_rclone.resource_type import RcloneResource
from dws_rclone.settings import RcloneSettings
from dws_rclone.store import RcloneStore
from plugins.dws_rclone.tests.remotes import Remotes


def _is_held(path: str, item: Item) -> bool:
    return isinstance(item, File) and not item.executable and path.isprintable()


class TestRclone(ResourceTypeSuite):
    """Whoever connects it is the master's side; other clones take what is at the remote."""

    descriptor = dws_resource_types()[0]

    @pytest.fixture(autouse=True)
    def serve(self, remotes: Remotes) -> None:
        self.remotes = remotes

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        settings = RcloneSettings("", "data", str(self.remotes.config), master="local", sync_mode="sync")
        return RcloneResource(self.resource(settings, role), settings, self.context(root))

    def connect(self, subject: ResourceType[Any]) -> ResourceType[Any]:
        there = Path(tempfile.mkdtemp(dir=self.remotes.directory))
        assert subject.local_path is not None
        shutil.copytree(subject.local_path, there, dirs_exist_ok=True)
        settings = replace(subject.settings, remote=f"disk:{there.name}")
        made = RcloneResource(self.resource(settings, subject.resource.role), settings, subject.context)
        made.push([])  # both sides are known to be equal from the first exchange on
        return self.again(made)

    def settle(self, subject: ResourceType[Any], content: Content) -> None:
        self.write(subject, content)

    def there(self, subject: ResourceType[Any]) -> Mapping[str, str]:
        top = self.remotes.directory / subject.settings.remote.partition(":")[2]
        files = [path for path in top.rglob("*") if path.is_file()]
        return {str(path.relative_to(top)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def elsewhere(self, subject: ResourceType[Any], root: Path) -> ResourceType[Any]:
        other = super().elsewhere(subject, root)
        settings = replace(subject.settings, master="remote")
        return RcloneResource(other.resource, settings, other.context)


class TestRcloneListed(ResourceTypeSuite):
    """A remote holds files alone, by names that are UTF-8."""

    descriptor = dws_resource_types()[1]
    samples = tuple({path: item for path, item in content.items() if _is_held(path, item)} for content in DIRECTORY_SAMPLES)

    @pytest.fixture(autouse=True)
    def serve(self, remotes: Remotes) -> None:
        self.remotes = remotes

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        (self.remotes.directory / "set").mkdir()
        settings = RcloneSettings("disk:set", config=str(self.remotes.config), no_local=True, hash_type="sha256")
        return RcloneListed(self.resource(settings, role), settings, self.context(root))

    def write(self, subject: ResourceType[Any], content: Content) -> None:
        write_directory(self.remotes.directory / "set", content)

    def read(self, subject: ResourceType[Any]) -> Content:
        return read_directory(self.remotes.directory / "set")

    def lose(self, subject: ResourceType[Any]) -> None:
        shutil.rmtree(self.remotes.directory / "set")

    def files(self, subject: ResourceType[Any]) -> Sequence[Path]:
        return [path for path in (self.remotes.directory / "set").rglob("*") if path.is_file()]


class TestStore(StoreSuite):
    """A directory of this machine, as rclone reaches it."""

    @pytest.fixture(autouse=True)
    def serve(self, shared_remotes: Remotes, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RCLONE_CONFIG", str(shared_remotes.config))

    def make(self, tmp_path: Path) -> Store:
        return RcloneStore(f"rclone:disk:{tmp_path.parent.name}-{tmp_path.name}", StoreContext(tmp_path / "private", Silence()))
