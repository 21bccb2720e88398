"""A workspace: its top directory, and everything that lies in it, found on first use."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

from dws_core.errors import (
    DamagedRecordError,
    DisabledTypeError,
    DwsError,
    MissingTypeError,
    NoWorkspaceError,
    OriginNotAcceptedError,
)
from dws_core.journal import Journal, UndoLog
from dws_core.model.codec import JsonObject, text_of
from dws_core.model.later import LaterSequence
from dws_core.model.lineage import Lineage
from dws_core.model.names import check_name
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot, abridge_snapshot
from dws_core.model.step import Edge, Step
from dws_core.model.undo import UndoEntry
from dws_core.objects import ObjectStore
from dws_core.plugin.backend import Backend
from dws_core.plugin.context import Context, Progress
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType
from dws_core.plugin.settings import Settings
from dws_core.registry import Registry
from dws_core.workspace.caller import Caller
from dws_core.workspace.description import Description
from dws_core.workspace.history import (
    WORKSPACE,
    changed_settings,
    find_resource,
    find_snapshot,
    removed_ids,
)
from dws_core.workspace.importing import with_imports
from dws_core.workspace.layout import Layout, find_root
from dws_core.workspace.observing import still_holds
from dws_core.workspace.places import check_places
from dws_core.workspace.records import Records
from dws_core.workspace.settings import ORIGINS, CloneSettings, WorkspaceSettings
from dws_core.workspace.steps import StepLog


class Workspace:
    """One workspace in this clone. Making it reads only what it says of itself; the rest is read when it is asked for."""

    def __init__(self, root: Path, registry: Registry, caller: Caller, progress: Progress) -> None:
        self.layout = Layout(root)
        self.registry = registry
        self.caller = caller
        self.progress = progress
        self.description = Description.read(self.layout)
        self.records = Records(self.layout.metadata, self.layout.index, {"snapshots": abridge_snapshot})
        self.clone_settings = CloneSettings(self.layout.settings)
        self.steps = StepLog(self.layout.lineage)
        self.undo_log = UndoLog(self.layout.undo)

    @classmethod
    def find(cls, start: Path, registry: Registry, caller: Caller, progress: Progress) -> Self:
        """Open the workspace that holds the directory `start`; NoWorkspaceError if there is none."""
        root = find_root(start.resolve())
        if root is None:
            raise NoWorkspaceError(start)
        return cls(root, registry, caller, progress)

    @property
    def root(self) -> Path:
        return self.layout.root

    @property
    def name(self) -> str:
        return self.description.name

    @property
    def hostname(self) -> str:
        """This clone's name for its machine."""
        return check_name("host", self.settings.hostname or self.caller.host)

    @property
    def settings(self) -> WorkspaceSettings:
        changes = WorkspaceSettings.shareable(changed_settings(self.records, WORKSPACE))
        return WorkspaceSettings.from_json({**changes, **self.clone_settings.of_workspace()})

    @cached_property
    def objects(self) -> ObjectStore:
        return ObjectStore(self.layout.objects, self.layout.caches, self.progress)

    @cached_property
    def backend(self) -> Backend:
        """The keeper of the metadata's history; MissingTypeError where its plugin is not installed."""
        name = self.description.backend
        provided = self.registry.backends.get(name)
        if provided is None:
            raise MissingTypeError(self.name, name, self.description.distribution)
        backend: Backend = self.registry.load(provided, provided.descriptor.implementation)(self.context("backend"))
        return backend

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources there are now, in the order of the roles, then of the time they were added."""
        removed = removed_ids(self.records)
        there = [each for each in self.all_resources.values() if each.id not in removed]
        return tuple(sorted(there, key=lambda each: list(Role).index(each.role)))

    @property
    def all_resources(self) -> dict[str, Resource]:
        """All resources that were ever added, by id; those taken out too."""
        return {each.id: each for each in self.records.nouns("resources", Resource.from_json)}

    def resource(self, name: str) -> Resource:
        """Find a resource by name; UnknownNameError or AmbiguousNameError."""
        return find_resource(self.resources, name)

    def settings_type(self, resource: Resource) -> type[Settings]:
        """The declaration of a resource's settings; MissingTypeError where its type is not installed."""
        provided = self.registry.resource_types.get(resource.type)
        if provided is None:
            disabled = self.registry.disabled_of(resource.distribution)
            if disabled:
                raise DisabledTypeError(resource.name, resource.type, disabled)
            raise MissingTypeError(resource.name, resource.type, resource.distribution)
        declared: type[Settings] = self.registry.load(provided, provided.descriptor.settings)
        return declared

    def open_resource(self, resource: Resource) -> ResourceType[Any]:
        """The resource at work; MissingTypeError where its type is not installed."""
        declared = self.settings_type(resource)
        stored = self._stored_settings(resource)
        is_local = Capability.LOCAL_PATH in self.capabilities(resource)
        check_places(self.root, resource, declared, stored, self.clone_settings.of_resource(resource.id), is_local=is_local)
        return self.make_resource(resource, declared.from_json(stored))

    def make_resource(self, resource: Resource, settings: Settings) -> ResourceType[Any]:
        """The resource at work with these settings, whether it is recorded yet or not."""
        provided = self.registry.resource_type(resource.type)
        made: ResourceType[Any] = self.registry.load(provided, provided.descriptor.implementation)(
            resource, settings, replace(self.context(resource.id), contact=partial(self._check_contact, resource))
        )
        return made

    def capabilities(self, resource: Resource) -> frozenset[Capability]:
        """What its type promises; nothing where the type is not installed."""
        provided = self.registry.resource_types.get(resource.type)
        return provided.descriptor.capabilities if provided else frozenset()

    def parameters(self, resource: Resource) -> JsonObject:
        """The settings that hold for it in this clone; of an opaque one, what its record says."""
        stored = self._stored_settings(resource)
        if resource.type not in self.registry.resource_types:
            return stored
        order = [each.name for each in self.settings_type(resource).declared()]
        return {name: stored[name] for name in order if stored.get(name) is not None}

    def snapshots(self) -> Sequence[Snapshot]:
        """All snapshots, oldest first, deleted ones left out."""
        removed = removed_ids(self.records)
        there = [n for n, identity in enumerate(self.records.rows("snapshots")) if identity not in removed]
        return LaterSequence(there, self.all_snapshots().__getitem__)

    def all_snapshots(self) -> Sequence[Snapshot]:
        """All snapshots, oldest first, deleted ones too."""
        return self.records.abridged("snapshots", Snapshot.from_abridged)

    def find_snapshot(self, text: str) -> Snapshot:
        """The snapshot of that tag or hash (its first digits suffice); UnknownNameError or AmbiguousNameError."""
        return find_snapshot(self.snapshots(), text)

    def current_lineage(self) -> Lineage:
        """The lineage of what the resources hold now; what was changed since its step wrote it is unknown."""
        graph = self.steps.read().current().observed(self._still_holds)
        return with_imports(graph, self.resources, self.open_resource)

    def known_version(self, resource: Resource, version: str) -> str:
        """The id by which lineage knows a version, the present one: that of before a snapshot wrote lineage to the resource."""
        if not resource.export:
            return version
        for identity in self._of_same_content(resource, version):
            for each in reversed(self.all_snapshots()):
                if identity in each.exported:
                    return each.exported[identity]
        return version

    def lineage_of(self, snapshot: Snapshot) -> Lineage:
        """The lineage that a snapshot recorded; DamagedRecordError if it makes no sense."""
        if not snapshot.lineage:
            return Lineage()
        value = self.records.one("lineage", snapshot.lineage)
        try:
            return Lineage.from_json(value)
        except ValueError as error:
            path = self.layout.metadata / "lineage" / f"{snapshot.lineage}.json"
            raise DamagedRecordError(str(path), str(error)) from error

    def undo_entries(self) -> dict[int, UndoEntry]:
        """The undo log of this clone, oldest first; DamagedRecordError if an entry makes no sense."""
        entries = {}
        for number, value in self.undo_log.read().items():
            try:
                entries[number] = UndoEntry.from_json(value)
            except ValueError as error:
                raise DamagedRecordError(f"entry {number} of {self.layout.undo}", str(error)) from error
        return entries

    def context(self, owner: str) -> Context:
        """What a plugin is handed for a resource (by id), or for the backend."""
        clone = self.clone_settings.read().get("clone")
        return Context(
            root=self.root,
            private=self.layout.private(owner),
            objects=self.objects,
            progress=self.progress,
            clone=clone if isinstance(clone, str) else "0" * 32,
            identity=(self.caller.user, f"{self.caller.user}@{self.hostname}"),
        )

    @property
    def due_repair(self) -> str:
        """Tell which operation did not end, for commands that only read; empty where all is well."""
        pending = Journal(self.layout.journal).read()
        return text_of(pending, "verb") if pending else ""

    def _check_contact(self, resource: Resource, place: str) -> None:
        """Raise an OriginNotAcceptedError where nobody told this clone to contact a place; whoever is adding a resource does."""
        if resource.id and self.clone_settings.of(ORIGINS).get(resource.id) != place:
            raise OriginNotAcceptedError(resource.name, place)

    def _of_same_content(self, resource: Resource, version: str) -> Iterator[str]:
        """Give the id of the present version, and of the last recorded one where only what is no content has changed since."""
        yield version
        if Capability.LOOSE_VERSIONS in self.capabilities(resource):
            last = next((each for each in reversed(self.snapshots()) if resource.id in each.versions), None)
            if last is not None and not self.open_resource(resource).changes_since(last.versions[resource.id]):
                yield last.versions[resource.id].id

    def _still_holds(self, step: Step, edge: Edge) -> bool:
        try:
            type_ = self.open_resource(self.resource(edge.ref.name))
        except DwsError:
            return True
        return still_holds(type_, step, edge, lambda version: self.known_version(type_.resource, version))

    def _stored_settings(self, resource: Resource) -> JsonObject:
        shared = {**resource.settings, **changed_settings(self.records, resource.id)}
        if resource.type in self.registry.resource_types:
            shared = self.settings_type(resource).shareable(shared)
        return {**shared, **self.clone_settings.of_resource(resource.id)}
