"""The type ssh, where it may write and where it may not, and the store keep the contract's promises."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dws_core.model.role import Role
from dws_core.plugin import Capability, ResourceType, Store, StoreContext
from dws_core.testing import Content, ResourceTypeSuite, StoreSuite, make_context, read_directory, write_directory
from dws_ssh.copy_type import SshCopy
from dws_ssh.hooks import dws_resource_types
from dws_ssh.listed_type import SshListed
from dws_ssh.resource_type import SshDirectory
from dws_ssh.settings import SshSettings
from dws_ssh.store import SshStore


class TestSsh(ResourceTypeSuite):
    descriptor = dws_resource_types()[0]
    read_only = False

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        place = root.with_name("on the server")
        place.mkdir()
        settings = SshSettings(address=f"server:{place}", read_only=self.read_only)
        return SshDirectory(self.resource(settings, role), settings, self.context(root))

    def write(self, subject: ResourceType[Any], content: Content) -> None:
        write_directory(_place(subject), content)

    def read(self, subject: ResourceType[Any]) -> Content:
        return read_directory(_place(subject))

    def lose(self, subject: ResourceType[Any]) -> None:
        shutil.rmtree(_place(subject))

    def files(self, subject: ResourceType[Any]) -> Sequence[Path]:
        return [path for path in _place(subject).rglob("*") if path.is_file() and not path.is_symlink()]


class TestSshReadOnly(TestSsh):
    descriptor = replace(
        TestSsh.descriptor,
        capabilities=TestSsh.descriptor.capabilities - {Capability.HOLDS_RESULTS},
        roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA, Role.CODE),
    )
    read_only = True

    def read(self, subject: ResourceType[Any]) -> Content:
        if subject.view is None:
            return super().read(subject)
        seen = subject.context.root / "seen"
        subject.context.objects.restore(str(subject.view.data["tree"]), seen)
        return read_directory(seen)

    def files(self, subject: ResourceType[Any]) -> Sequence[Path]:
        return super().files(subject) if subject.view is None else ()


class TestSshCopy(ResourceTypeSuite):
    descriptor = dws_resource_types()[1]

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        return self._made(root, role, "")

    def _made(self, root: Path, role: Role, address: str) -> ResourceType[Any]:
        settings = SshSettings(address=address, local_path="copy")
        return SshCopy(self.resource(settings, role), settings, self.context(root))

    def connect(self, subject: ResourceType[Any]) -> ResourceType[Any]:
        place = subject.context.root.with_name("on the server")
        write_directory(place, self.read(subject))
        connected = self._made(subject.context.root, subject.resource.role, f"server:{place}")
        connected.create()
        return connected

    def settle(self, subject: ResourceType[Any], content: Content) -> None:
        self.write(subject, content)

    def there(self, subject: ResourceType[Any]) -> Mapping[str, str]:
        return {path: repr(item) for path, item in read_directory(_place(subject)).items()}


class TestSshListed(ResourceTypeSuite):
    descriptor = dws_resource_types()[2]
    host = "server"

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        place = root.with_name("on the server")
        place.mkdir()
        settings = SshSettings(address=f"{self.host}:{place}", in_place=True)
        return SshListed(self.resource(settings, role), settings, self.context(root))

    def write(self, subject: ResourceType[Any], content: Content) -> None:
        write_directory(_place(subject), content)

    def read(self, subject: ResourceType[Any]) -> Content:
        return read_directory(_place(subject))

    def lose(self, subject: ResourceType[Any]) -> None:
        shutil.rmtree(_place(subject))

    def files(self, subject: ResourceType[Any]) -> Sequence[Path]:
        return [path for path in _place(subject).rglob("*") if path.is_file() and not path.is_symlink()]


class TestSshListedWithoutHashes(TestSshListed):
    """The server works none out, so files are read for them."""

    descriptor = TestSshListed.descriptor
    host = "plain"


def _place(subject: ResourceType[Any]) -> Path:
    return Path(subject.settings.address.partition(":")[2])


class TestSshStore(StoreSuite):
    def make(self, tmp_path: Path) -> Store:
        context = StoreContext(tmp_path / "private", make_context(tmp_path).progress)
        return SshStore(f"ssh://server{tmp_path}/store", context)
