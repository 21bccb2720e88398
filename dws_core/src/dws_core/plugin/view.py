"""A workspace as plugins see it: reading only."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from dws_core.model.codec import JsonObject
from dws_core.model.lineage import Lineage
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType


class WorkspaceView(Protocol):
    """What reports, hooks and commands of plugins are handed."""

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
        """The resources there are now, in the order of the roles, then of the time they were added."""
        ...

    def open_resource(self, resource: Resource) -> ResourceType[Any]:
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

    def capabilities(self, resource: Resource) -> frozenset[Capability]:
        """What its type promises; nothing where the type is not installed."""
        ...
