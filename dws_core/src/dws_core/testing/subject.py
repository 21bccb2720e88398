"""What the author of a resource type supplies to the suite, and what the suite's tests have in hand."""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from dws_core.model.codec import dump, parse
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Capability, Context, ResourceType, ResourceTypeDescriptor, ResultsMove, Settings
from dws_core.testing.choosing import Test, leave_out, only_if
from dws_core.testing.content import DIRECTORY_SAMPLES, Content, read_directory, write_directory
from dws_core.testing.context import make_context


def needs(*capabilities: Capability, without: Collection[Capability] = ()) -> Callable[[Test], Test]:
    """Run a test only for types that declare all of these, and none of those that it is `without`."""
    return only_if(lambda declared: declared.issuperset(capabilities) and declared.isdisjoint(without))


def needs_not(capability: Capability) -> Callable[[Test], Test]:
    """Run a test only for types that do not declare this."""
    return only_if(lambda declared: capability not in declared)


class Subject(ABC):
    """The author's side: `make` always; the rest where the content is no directory of this machine.

    `samples` are contents that the type can hold, all different, the first of files alone and not empty; their paths are those
    that the type's `Changes` name. `keep` are names at the top of a local path that are no content (`.git`).
    """

    descriptor: ClassVar[ResourceTypeDescriptor]
    samples: ClassVar[Sequence[Content]] = DIRECTORY_SAMPLES
    keep: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Take away the tests that the declared capabilities do not call for: they are not collected."""
        super().__init_subclass__(**keywords)
        if "descriptor" in cls.__dict__:
            leave_out(cls, cls.descriptor.capabilities)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that takes `content` for each sample, and one that takes `old` and `new` for each after the other."""
        ids = [f"sample{number}" for number, _ in enumerate(self.samples)]
        if "content" in metafunc.fixturenames:
            metafunc.parametrize("content", self.samples, ids=ids)
        if "old" in metafunc.fixturenames:
            steps = [(self.samples[number - 1], new) for number, new in enumerate(self.samples)]
            metafunc.parametrize(("old", "new"), steps, ids=[f"{ids[number - 1]}-{new}" for number, new in enumerate(ids)])

    @abstractmethod
    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        """Make the resource at work in a new workspace whose top directory is `root`, with what must be there around it.

        `self.resource(…)` and `self.context(root)` make what the class is called with. The same must be found again there:
        the suite opens it anew with the same resource and settings and a new context.
        """

    def write(self, subject: ResourceType[Any], content: Content) -> None:
        """Make the resource hold exactly this, as a user would: not through the code under test."""
        write_directory(_local_path(subject), content, keep=self.keep)

    def read(self, subject: ResourceType[Any]) -> Content:
        """Read what the resource holds, not through the code under test."""
        return read_directory(_local_path(subject), keep=self.keep)

    def lose(self, subject: ResourceType[Any]) -> None:
        """Make the content as a whole go away, as when a disk is not mounted or a bucket is removed."""
        shutil.rmtree(_local_path(subject))

    def record(self, subject: ResourceType[Any], version: Version) -> None:
        """Commit a version as the workspace's backend would; needed by IN_HISTORY."""

    def files(self, subject: ResourceType[Any]) -> Sequence[Path]:
        """Name the regular files of this machine that the content lies in, where it does."""
        if Capability.LOCAL_PATH not in self.descriptor.capabilities:
            return ()
        found: list[Path] = []
        for directory, folders, names in os.walk(_local_path(subject)):
            folders[:] = [name for name in folders if name not in self.keep]
            paths = (Path(directory, name) for name in names if name not in self.keep)
            found.extend(path for path in paths if path.is_file() and not path.is_symlink())
        return found

    def resource(self, settings: Settings, role: Role, name: str = "subject") -> Resource:
        """Make a record of the resource, as `dws add` would."""
        shared = {key: value for key, value in settings.to_json().items() if value is not None}
        return Resource(name, role, self.descriptor.name, "tested-distribution", shared, "2026-01-01T00:00:00Z", "0" * 64)

    def context(self, root: Path) -> Context:
        """Make the context of the resource, with a real object store."""
        return make_context(root)

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """The top directory of a workspace."""
        root = tmp_path.resolve() / "workspace"
        root.mkdir()
        return root

    @pytest.fixture
    def scratch(self, tmp_path: Path) -> Path:
        """A directory beside the workspace."""
        scratch = tmp_path.resolve() / "scratch"
        scratch.mkdir()
        return scratch

    @pytest.fixture
    def subject(self, root: Path) -> ResourceType[Any]:
        """The resource at work, holding the first sample."""
        return self.begin(root, next(role for role in self.descriptor.roles if role is not Role.RESULTS))

    @pytest.fixture
    def results(self, root: Path) -> ResourceType[Any]:
        """The resource at work in the role of results, holding the first sample."""
        return self.begin(root, Role.RESULTS)

    def begin(self, root: Path, role: Role) -> ResourceType[Any]:
        """Make the resource and give it the first sample."""
        subject = self.make(root, role)
        subject.create()
        self.write(subject, self.samples[0])
        return subject

    def again(self, subject: ResourceType[Any]) -> ResourceType[Any]:
        """Open the resource anew, as the next command does."""
        return type(subject)(subject.resource, subject.settings, self.context(subject.context.root))

    def take(self, subject: ResourceType[Any], move: ResultsMove | None = None) -> Version:
        """Take a snapshot as the core does; answer the version as it is read back from the record."""
        subject.check()
        version = subject.snapshot(move)
        self.record(subject, version)
        return Version.from_json(parse(dump(version.to_json()), "the record of a version"))

    @property
    def loose(self) -> bool:
        """Whether unequal versions may have equal content."""
        return Capability.LOOSE_VERSIONS in self.descriptor.capabilities


def _local_path(subject: ResourceType[Any]) -> Path:
    path = subject.local_path
    assert path is not None, "a type without LOCAL_PATH needs `write`, `read` and `lose` of its own in its suite"
    return path
