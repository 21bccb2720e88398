"""Where a path leads to: a resource, as it is now or in a snapshot, and a path inside it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dws_core.errors import NotRecordedError, UnknownNameError
from dws_core.files.fetching import FetchedFiles
from dws_core.lineage import find_workspace, running_steps, version_of
from dws_core.model.names import check_relative
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.model.step import ResourceRef
from dws_core.plugin.files import Files
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace import Workspace


@dataclass(frozen=True)
class Place:
    """A path of a resource, the files that it is looked up in, and the snapshot if it is not what is there now."""

    workspace: Workspace
    resource: Resource
    files: Files
    path: str
    snapshot: Snapshot | None = None

    def is_read(self) -> None:
        """Let the steps that run here know that the file is read, at the version that it has there."""
        for step in running_steps(self.workspace):
            step.observe_read(self._ref, self._identify, self.snapshot.id if self.snapshot else "")

    def is_written(self) -> None:
        """Let the steps that run here know that the file is about to be written."""
        for step in running_steps(self.workspace):
            step.observe_write(self._ref)

    def is_removed(self) -> None:
        """Let the steps that run here know that the file is gone."""
        for step in running_steps(self.workspace):
            step.observe_removal(self._ref)

    @property
    def _ref(self) -> ResourceRef:
        return ResourceRef(self.resource.name, self.path)

    def _identify(self, path: str) -> str | None:
        if path:
            return self.files.version(path)
        if self.snapshot is None:
            return version_of(self.workspace, ResourceRef(self.resource.name))
        version = self.snapshot.versions[self.resource.id].id
        return self.snapshot.exported.get(version, version)


class Places:
    """The resources of the workspace that holds a directory; it is found when it is first needed.

    A resource is opened once, and so is each snapshot of it.
    """

    def __init__(self, start: Path) -> None:
        self.start = start
        self._opened: dict[str, ResourceType[Any]] = {}
        self._recorded: dict[tuple[str, str], tuple[Snapshot, Files]] = {}

    @cached_property
    def workspace(self) -> Workspace:
        return find_workspace(self.start)

    def names(self) -> list[str]:
        """Name the resources there are."""
        self.workspace.records.refresh()
        return [each.name for each in self.workspace.resources]

    def find(self, name: str, snapshot: str | None, path: str) -> Place:
        """Find a path of a resource, now or in the snapshot of that tag or hash; UnknownNameError, PathRefusedError."""
        check_relative(path)
        try:
            return self._find(name, snapshot, path)
        except UnknownNameError:
            self.workspace.records.refresh()  # it may have come since
        return self._find(name, snapshot, path)

    def _find(self, name: str, text: str | None, path: str) -> Place:
        if name not in self._opened:
            self._opened[name] = self.workspace.open_resource(self.workspace.resource(name))
        resource = self._opened[name].resource
        if text is None:
            return Place(self.workspace, resource, self._opened[name].files(), path)
        if (resource.id, text) not in self._recorded:
            self._recorded[resource.id, text] = self._open_recorded(name, self.workspace.find_snapshot(text))
        snapshot, files = self._recorded[resource.id, text]
        return Place(self.workspace, resource, files, path, snapshot)

    def _open_recorded(self, name: str, snapshot: Snapshot) -> tuple[Snapshot, Files]:
        type_ = self._opened[name]
        version = snapshot.versions.get(type_.resource.id)
        if version is None:
            raise NotRecordedError(type_.resource.name, snapshot.described)
        return snapshot, FetchedFiles(type_.files(version), self.workspace, snapshot, type_.resource)
