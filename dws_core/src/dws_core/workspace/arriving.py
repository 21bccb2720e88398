"""Brings resources that this clone has not got yet: from their origins, or from stores as the newest snapshot has them."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dws_core.errors import DwsError
from dws_core.model.lineage import Lineage
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.model.undo import State
from dws_core.model.version import Version
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.accepting import May, check_accepted
from dws_core.workspace.bringing import bring
from dws_core.workspace.content import Got, get, not_got
from dws_core.workspace.idset import IdSet
from dws_core.workspace.operation import Operation
from dws_core.workspace.places import needs_place
from dws_core.workspace.workspace import Workspace


@dataclass
class Arrived:
    """What came of each resource (by name), in a few words; what did not, and why; and what came from stores."""

    came: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    objects: int = 0
    bytes: int = 0

    def add(self, got: Got) -> None:
        self.objects += got.objects
        self.bytes += got.bytes
        self.remarks += [each for each in got.remarks if each not in self.remarks]

    def fail(self, name: str, error: DwsError) -> None:
        self.problems[name] = error.message + (f" ({error.hint})" if error.hint else "")


@dataclass(frozen=True)
class _Waiting:
    """A resource whose content is brought from the object store, and the snapshot that has it."""

    type: ResourceType[Any]
    snapshot: Snapshot
    version: Version


def arrive(
    workspace: Workspace, operation: Operation, resources: Sequence[Resource], may: May, *, fresh: bool = False
) -> Arrived:
    """Bring these resources where nothing of them is here. In a `fresh` clone, complete also what the history brought."""
    arrived = Arrived()
    waiting: list[_Waiting] = []
    begun = IdSet(workspace.layout.arriving)
    before = begun.read()
    for resource in resources:
        try:
            type_ = _open_somewhere(workspace, resource)
            if Capability.REMOTE in workspace.capabilities(resource):
                _look_elsewhere(workspace, type_, may, arrived)
            elif _is_due(workspace, type_, fresh=fresh or resource.id in before):
                begun.change(add=[resource.id])
                waiting += _begin(workspace, type_, may, arrived)
        except DwsError as error:
            arrived.fail(resource.name, error)
    _bring(workspace, operation, waiting, arrived)
    begun.change(remove=[each.id for each in resources if each.name not in arrived.problems])
    return arrived


def give_places(workspace: Workspace, places: Mapping[str, Path]) -> None:
    """Let resources lie where the user says, by their names; UnknownNameError, or an error of the place."""
    for name, place in places.items():
        resource = workspace.resource(name)
        for setting in _unknown_places(workspace, resource):
            inside = place.relative_to(workspace.root).as_posix() if place.is_relative_to(workspace.root) else str(place)
            workspace.clone_settings.change({(resource.id, setting): inside})


def holds_nothing(place: Path) -> bool:
    """Tell whether a directory is not there, or empty; quick where it holds much."""
    if not place.is_dir():
        return True
    with os.scandir(place) as entries:
        return next(entries, None) is None


def _open_somewhere(workspace: Workspace, resource: Resource) -> ResourceType[Any]:
    """Open a resource; one that lies nowhere yet in this clone gets a directory inside, by its name."""
    for setting in _unknown_places(workspace, resource):
        name, number = resource.name, 2
        while (workspace.root / name).exists():
            name, number = f"{resource.name}-{number}", number + 1
        workspace.clone_settings.change({(resource.id, setting): name})
    return workspace.open_resource(resource)


def _unknown_places(workspace: Workspace, resource: Resource) -> list[str]:
    declared = workspace.settings_type(resource).declared()
    known = workspace.parameters(resource)
    is_local = Capability.LOCAL_PATH in workspace.capabilities(resource)
    return [each.name for each in declared if needs_place(each, is_local=is_local) and known.get(each.name) is None]


def _is_due(workspace: Workspace, type_: ResourceType[Any], *, fresh: bool) -> bool:
    if type_.local_path is None:
        return False
    capabilities = workspace.capabilities(type_.resource)
    if Capability.IN_HISTORY in capabilities:
        return fresh or not type_.local_path.is_dir()
    # What somebody emptied is to stay so: only what is new here may be filled.
    return holds_nothing(type_.local_path) if fresh or Capability.ORIGIN in capabilities else not type_.local_path.is_dir()


def _begin(workspace: Workspace, type_: ResourceType[Any], may: May, arrived: Arrived) -> list[_Waiting]:
    """Make the resource's place, or get it from its origin; answer whether its content is to be brought."""
    name = type_.resource.name
    recorded = _newest(workspace, type_.resource)
    if Capability.ORIGIN in workspace.capabilities(type_.resource):
        origin = type_.origin
        if origin is not None:
            check_accepted(workspace, type_, origin, may)
            type_.obtain()
            arrived.came[name] = f"from {origin}"
            if recorded is not None:  # what it is compared with
                arrived.add(get(workspace, type_.needs(recorded[1]), [recorded[0]]))
            return []
    if recorded is None:
        type_.create()
        return []
    snapshot, version = recorded
    _get(workspace, type_, snapshot, version, arrived)
    return [_Waiting(type_, snapshot, version)]


def _look_elsewhere(workspace: Workspace, type_: ResourceType[Any], may: May, arrived: Arrived) -> None:
    """Ask whether the place of a resource may be contacted, and get what its newest version is compared with."""
    if type_.origin is not None:
        check_accepted(workspace, type_, type_.origin, may)
    recorded = _newest(workspace, type_.resource)
    if recorded is not None:
        _get(workspace, type_, *recorded, arrived)


def _get(workspace: Workspace, type_: ResourceType[Any], snapshot: Snapshot, version: Version, arrived: Arrived) -> None:
    got = get(workspace, type_.needs(version), [snapshot])
    arrived.add(got)
    if got.lacking:
        raise not_got(workspace, snapshot, got.remarks)


def _newest(workspace: Workspace, resource: Resource) -> tuple[Snapshot, Version] | None:
    """Find the newest version of a resource that a snapshot records."""
    for snapshot in reversed(workspace.snapshots()):
        if resource.id in snapshot.versions:
            return snapshot, snapshot.versions[resource.id]
    return None


def _bring(workspace: Workspace, operation: Operation, waiting: Sequence[_Waiting], arrived: Arrived) -> None:
    due = {each.type.resource.id: each for each in waiting}
    for key, each in list(due.items()):
        with suppress(DwsError):  # what is not there yet has no version, and is brought
            if each.type.current() == each.version:
                del due[key]
    if not due:
        return
    newest = max((each.snapshot for each in due.values()), key=lambda each: (each.time, each.id))
    names = ", ".join(each.type.resource.name for each in due.values())
    versions = {key: each.version for key, each in due.items()}
    try:
        steps = Lineage(workspace.lineage_of(newest).steps)  # what was imported comes with the content
        wanted = State(versions, steps.to_json())
        bring(workspace, operation, wanted, f"of {newest.described}: {names}")
    except DwsError as error:
        for each in due.values():
            arrived.fail(each.type.resource.name, error)
        return
    for each in due.values():
        arrived.came[each.type.resource.name] = f"as in snapshot {each.snapshot.label}"
