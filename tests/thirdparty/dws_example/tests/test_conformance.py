"""The types of the plugin keep the contract's promises."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from dws_core.model.role import Role
from dws_core.plugin import ResourceType
from dws_core.testing import Content, File, ResourceTypeSuite, read_directory, write_directory
from dws_example.hooks import dws_resource_types
from dws_example.resource_type import SingleFile
from dws_example.settings import ShelfSettings, SingleFileSettings
from dws_example.shelf import Shelf


class TestSingleFile(ResourceTypeSuite):
    descriptor = dws_resource_types()[0]
    samples: ClassVar[Sequence[Content]] = (
        {"one file.csv": File(b"x,y\n1,2\n")},
        {"one file.csv": File(b"x,y\n1,3\n")},
        {"one file.csv": File(b"x,y\n1,3\n", executable=True)},
        {"one file.csv": File(bytes(range(256)) * 700)},
        {"one file.csv": File(b"")},
    )

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        settings = SingleFileSettings("deep/one file.csv")
        return SingleFile(self.resource(settings, role), settings, self.context(root))

    def write(self, subject: ResourceType[Any], content: Content) -> None:
        ((name, item),) = content.items()
        path = subject.context.root / "deep" / name
        path.parent.mkdir(exist_ok=True)
        assert isinstance(item, File)
        path.write_bytes(item.content)
        path.chmod(0o755 if item.executable else 0o644)

    def read(self, subject: ResourceType[Any]) -> Content:
        path = subject.context.root / "deep/one file.csv"
        return {path.name: File(path.read_bytes(), executable=bool(path.stat().st_mode & 0o100))}

    def lose(self, subject: ResourceType[Any]) -> None:
        (subject.context.root / "deep/one file.csv").unlink()

    def files(self, subject: ResourceType[Any]) -> Sequence[Path]:
        return (subject.context.root / "deep/one file.csv",)


class TestShelf(ResourceTypeSuite):
    descriptor = dws_resource_types()[1]

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        place = root.with_name("share")
        place.mkdir()
        settings = ShelfSettings(str(place))
        return Shelf(self.resource(settings, role), settings, self.context(root))

    def write(self, subject: ResourceType[Any], content: Content) -> None:
        write_directory(Path(subject.settings.place), content)

    def read(self, subject: ResourceType[Any]) -> Content:
        if subject.view is None:
            return read_directory(Path(subject.settings.place))
        subject.context.objects.restore(subject.view.id, subject.context.root / "seen")
        return read_directory(subject.context.root / "seen")

    def lose(self, subject: ResourceType[Any]) -> None:
        shutil.rmtree(subject.settings.place)
