"""What a plugin is handed of the core."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dws_core.model.codec import JsonObject
from dws_core.model.lineage import Lineage
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.plugin.objects import Objects

if TYPE_CHECKING:
    from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType


class Progress(Protocol):
    """Where long work says how far it is."""

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        """Say how much more is to be done, in files and bytes."""
        ...

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        """Say what has been done since, in files and bytes."""
        ...

    def warn(self, message: str) -> None:
        """Tell the user, on a line of its own, something that does not stop the work."""
        ...


@dataclass(frozen=True)
class Context:
    """What a resource type or backend is handed.

    `root` is the workspace's top directory, `private` a directory of this resource alone in this clone (it may not exist
    yet), `clone` this clone's random id (hexadecimal), `identity` who to name where a tool asks: (name, mail).
    """

    root: Path
    private: Path
    objects: Objects
    progress: Progress
    clone: str
    identity: tuple[str, str]


class WorkspaceView(Protocol):
    """A workspace as reports, hooks and commands of plugins see it: reading only."""

    @property
    def root(self) -> Path:
        """The workspace's top directory."""
        ...

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def resources(self) -> Sequence[Resource]:
        """The resources there are now, in order of the time they were added."""
        ...

    def open_resource(self, resource: Resource) -> "ResourceType[Any]":
        """The resource at work; MissingTypeError where its type is not installed."""
        ...

    def parameters(self, resource: Resource) -> JsonObject:
        """The settings that hold for it in this clone; of an opaque one, what its record says."""
        ...

    def snapshots(self) -> Sequence[Snapshot]:
        """All snapshots, oldest first, deleted ones left out."""
        ...

    def find_snapshot(self, text: str) -> Snapshot:
        """The snapshot of that tag or hash (its first digits suffice); UnknownNameError or AmbiguousNameError."""
        ...

    def current_lineage(self) -> Lineage:
        """The lineage of what the resources hold now."""
        ...

    def lineage_of(self, snapshot: Snapshot) -> Lineage:
        """The lineage that a snapshot recorded."""
        ...

    def capabilities(self, resource: Resource) -> "frozenset[Capability]":
        """What its type promises; nothing where the type is not installed."""
        ...
