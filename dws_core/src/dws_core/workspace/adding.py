"""What it takes to add a resource: everything checked first, then recorded."""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dws_core.errors import (
    DwsError,
    InvalidSettingError,
    NameTakenError,
    PathOutsideError,
    PathOverlapError,
    PathRefusedError,
)
from dws_core.model.codec import Json, JsonObject, dump, record_id
from dws_core.model.names import check_name, fold, is_reserved
from dws_core.model.passing import Passing
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.undo import Key, State, UndoEntry
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import Proposal, ResourceType
from dws_core.plugin.settings import Scope, Settings
from dws_core.workspace import lineage_file
from dws_core.workspace.change import Change
from dws_core.workspace.operation import Operation
from dws_core.workspace.settings import ORIGINS
from dws_core.workspace.workspace import Workspace

_ELSEWHERE = frozenset({Capability.REMOTE, Capability.ORIGIN})


@dataclass(frozen=True)
class Addition:
    """A resource that may be added: its record, what this clone keeps for itself, and the type at work."""

    resource: Resource
    own: JsonObject
    type: ResourceType[Any]
    remarks: tuple[str, ...]
    is_elsewhere: bool = False


def prepare_addition(
    workspace: Workspace,
    type_name: str,
    given: Mapping[str, Json],
    role: Role,
    *,
    name: str | None = None,
    allow_outside: bool = False,
    passing: Passing = Passing.NOTHING,
    beside: Sequence[Addition] = (),
) -> Addition:
    """Check everything and change nothing; `beside` are additions made in the same step."""
    if passing is Passing.IMPORTED:
        given = {**given, **_never_written(workspace, type_name)}
    type_name, proposal = _propose(workspace, type_name, given, role)
    provided = workspace.registry.resource_type(type_name)
    _check_role(type_name, role, provided.descriptor.capabilities, provided.descriptor.roles)
    name = check_name("resource", name) if name else _free_name(workspace, suggest_name(proposal.name))
    _check_free(workspace, name, beside)
    shared, own = _split(workspace.root, proposal.settings, allow_outside=allow_outside)
    time = workspace.caller.timestamp()
    resource = Resource(name, role, type_name, provided.plugin.distribution, shared, time, passing=passing)
    _check_passing(resource, provided.descriptor.capabilities)
    made = workspace.make_resource(resource, proposal.settings)
    if made.local_path is not None:
        check_place(workspace, made.local_path, beside)
    if Capability.REMOTE in provided.descriptor.capabilities:
        _check_origin(workspace, made)
    remarks = (*proposal.remarks, *_passing_remarks(workspace, made))
    return Addition(resource, own, made, remarks, bool(_ELSEWHERE & provided.descriptor.capabilities))


def add_resource(
    workspace: Workspace, operation: Operation, additions: Sequence[Addition], message: str, *, files: Sequence[Path] = ()
) -> list[Resource]:
    """Record additions, with files beside them, in one step of the history, and answer the resources with their ids."""
    for addition in additions:
        addition.type.create()
    added = [replace(each.resource, id=record_id(dump(each.resource.to_json()))) for each in additions]
    records = [("resources", each.to_json()) for each in added]
    given = zip(added, additions, strict=True)
    own = {
        key: value
        for resource, addition in given
        for key, value in (
            *(((resource.id, name), value) for name, value in addition.own.items()),
            *_accepted(resource, addition),
        )
    }
    becomes = State(own=own, there={("resources", each.id): True for each in added})
    if operation.verb == "init":
        operation.record(message, records, Change(becomes), files=[workspace.layout.description, *files])
        return added
    before = State(there={("resources", each.id): False for each in added}, own=dict.fromkeys(own))
    what = ", ".join(f"{each.name} ({each.type}, {each.role})" for each in added)
    entry = UndoEntry(operation.verb, what, workspace.caller.timestamp(), before)
    operation.record(message, records, Change(becomes, entry=entry))
    return added


def _check_origin(workspace: Workspace, made: ResourceType[Any]) -> None:
    """Raise a PathOverlapError where what lies elsewhere holds, or lies in, what another resource is."""
    for resource in workspace.resources:
        other = _origin_of(workspace, resource)
        if made.origin is not None and other is not None and _meet(made.origin, other):
            raise PathOverlapError(made.origin, resource.name, other)


def _origin_of(workspace: Workspace, resource: Resource) -> str | None:
    if Capability.REMOTE in workspace.capabilities(resource):
        with suppress(DwsError):
            return workspace.open_resource(resource).origin
    return None


def _meet(one: str, other: str) -> bool:
    one, other = (f"{each.rstrip('/')}/" for each in (one, other))
    return one.startswith(other) or other.startswith(one)


def _accepted(resource: Resource, addition: Addition) -> list[tuple[Key, Json]]:
    """Whoever adds a resource that lies elsewhere, or comes from there, says that this clone may contact that place."""
    origin = addition.type.origin if addition.is_elsewhere else None
    return [((ORIGINS, resource.id), origin)] if origin is not None else []


def _propose(workspace: Workspace, type_name: str, given: Mapping[str, Json], role: Role) -> tuple[str, Proposal[Any]]:
    provided = workspace.registry.resource_type(type_name)
    declared: type[Settings] = workspace.registry.load(provided, provided.descriptor.settings)
    placed = {key: _place(workspace, value) if _is_place(declared, key) else value for key, value in given.items()}
    implementation: type[ResourceType[Any]] = workspace.registry.load(provided, provided.descriptor.implementation)
    proposal = implementation.propose(declared.from_json(placed), role, workspace.root)
    return proposal.type or type_name, proposal


def _is_place(declared: type[Settings], name: str) -> bool:
    return declared.find(name).scope is Scope.PLACE


def _place(workspace: Workspace, value: Json) -> Json:
    """Turn a path as the user typed it into one relative to the workspace, or an absolute one where it lies outside."""
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise PathRefusedError(ascii(value), "its name is not valid UTF-8") from error
    path = Path(os.path.normpath(workspace.caller.place(value))).resolve()
    return path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else str(path)


def _split(root: Path, settings: Settings, *, allow_outside: bool) -> tuple[JsonObject, JsonObject]:
    """Part the settings in those that all clones share and those of this clone."""
    shared: JsonObject = {}
    own: JsonObject = {}
    values = settings.to_json()
    for declared in settings.declared():
        value = values[declared.name]
        outside = declared.scope is Scope.PLACE and isinstance(value, str) and Path(value).is_absolute()
        if outside and not allow_outside:
            raise PathOutsideError(str(value), root)
        if value is not None:
            (own if outside or declared.scope is Scope.CLONE else shared)[declared.name] = value
    return shared, own


def _check_role(type_name: str, role: Role, capabilities: frozenset[Capability], roles: Sequence[Role]) -> None:
    fitting = [each for each in roles if each is not Role.RESULTS or Capability.HOLDS_RESULTS in capabilities]
    if role not in fitting:
        raise InvalidSettingError(f"the role of a {type_name} resource", role.value, "one of " + ", ".join(fitting))


def _check_passing(resource: Resource, capabilities: frozenset[Capability]) -> None:
    """Raise an error where the lineage of a resource cannot cross workspaces: for its role, or for having no directory."""
    passing = resource.passing
    if resource.role not in passing.roles:
        raise InvalidSettingError(
            f"the role of a resource with --{passing.value}", resource.role.value, "one of " + ", ".join(passing.roles)
        )
    if passing is not Passing.NOTHING and Capability.LOCAL_PATH not in capabilities:
        raise InvalidSettingError(
            f"the type of a resource with --{passing.value}", resource.type, "one whose content lies in a directory here"
        )


def _never_written(workspace: Workspace, type_name: str) -> JsonObject:
    """Give the setting that keeps a type from sending anything to where a resource comes from, if the type has it."""
    provided = workspace.registry.resource_type(type_name)
    declared: type[Settings] = workspace.registry.load(provided, provided.descriptor.settings)
    return {each.name: True for each in declared.declared() if each.name == "read_only" and each.kind is bool}


def _passing_remarks(workspace: Workspace, type_: ResourceType[Any]) -> tuple[str, ...]:
    """Look at the lineage file that is there already: one that makes no sense, or is not ours to write, is an error."""
    resource, directory = type_.resource, type_.local_path
    if directory is None or not directory.is_dir():
        return ()
    if resource.export:
        lineage_file.check_ours(directory, resource.name, workspace.description.id)
    if not resource.imported:
        return ()
    found = lineage_file.read(directory)
    if found is None:
        return (f"There is no {lineage_file.NAME} in it yet: until there is one, it is unknown what it came from.",)
    return (f"Its lineage comes from {found.resource} of the workspace {found.name}.",)


def suggest_name(name: str) -> str:
    """Make a name of ours of a directory's."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-")[:64] or "resource"


def _free_name(workspace: Workspace, suggested: str) -> str:
    """Number a suggested name that is taken; one that the user gave is refused instead."""
    taken = {fold(resource.name) for resource in workspace.resources}
    name, number = suggested, 2
    while fold(name) in taken:
        name, number = f"{suggested[:60]}-{number}", number + 1
    return name


def _check_free(workspace: Workspace, name: str, beside: Sequence[Addition]) -> None:
    for resource in (*workspace.resources, *(addition.resource for addition in beside)):
        if fold(resource.name) == fold(name):
            raise NameTakenError("resource", name, holder=f"{resource.type}, {resource.role}")


def check_place(workspace: Workspace, place: Path, beside: Sequence[Addition] = (), *, of: str = "") -> None:
    """Raise an error where a directory cannot be a resource's: the workspace's own, or another's than the resource `of` (id)."""
    path = place.resolve()
    if path == workspace.root or workspace.root.is_relative_to(path):
        raise PathRefusedError(place, "it is the workspace itself, or holds it", hint="give a directory inside or beside it")
    if path.is_relative_to(workspace.root) and any(map(is_reserved, path.relative_to(workspace.root).parts)):
        raise PathRefusedError(place, "it belongs to git or to the workspace itself")
    for name, other in _places(workspace, beside, of):
        taken = other.resolve()
        if path.is_relative_to(taken) or taken.is_relative_to(path):
            raise PathOverlapError(place, name, other)


def _places(workspace: Workspace, beside: Sequence[Addition], of: str) -> list[tuple[str, Path]]:
    places = []
    for resource in (each for each in workspace.resources if each.id != of):
        try:
            local = workspace.open_resource(resource).local_path
        except DwsError:  # a resource that cannot be opened here has no place to overlap
            continue
        if local is not None:
            places.append((resource.name, local))
    places.extend((each.resource.name, each.type.local_path) for each in beside if each.type.local_path is not None)
    return places
