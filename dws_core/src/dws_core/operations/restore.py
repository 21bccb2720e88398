"""Bring resources back to a snapshot; results always stay as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dws_core.errors import NotRestorableError
from dws_core.model.changes import RestorePlan
from dws_core.model.lineage import Lineage
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.model.undo import State
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace import Workspace, bring, changing, get_snapshot, is_here


@dataclass(frozen=True)
class Restored:
    """What was (or with a dry run would be) done to each resource, by name, and what is to be said about it."""

    snapshot: Snapshot
    plans: Mapping[str, RestorePlan]
    remarks: tuple[str, ...]
    done: bool


@dataclass(frozen=True)
class _Selection:
    types: Mapping[str, ResourceType[Any]]
    remarks: tuple[str, ...]


def restore(
    workspace: Workspace,
    text: str,
    *,
    only: Sequence[str] = (),
    leave: Sequence[str] = (),
    strict: bool = False,
    dry_run: bool = False,
) -> Restored:
    """Restore the snapshot of that tag or hash, in the resources named in `only`, or all but those in `leave`.

    Unsaved changes are kept in the undo log first. Content that is not here is got from a store; NotPushedError.
    With `strict` (implied by `only`) a resource that cannot be restored is an error; otherwise it stays as it is, with a line
    that says so.
    """
    if dry_run:
        snapshot = workspace.find_snapshot(text)
        selection = _select(workspace, snapshot, only, leave, strict=strict)
        if not is_here(workspace, snapshot, selection.types):
            with changing(workspace, "restore"):
                get_snapshot(workspace, snapshot, selection.types)
        return Restored(snapshot, _plan(selection, snapshot), selection.remarks, done=False)
    with changing(workspace, "restore") as operation:
        snapshot = workspace.find_snapshot(text)
        selection = _select(workspace, snapshot, only, leave, strict=strict)
        resources = [type_.resource for type_ in selection.types.values()]
        workspace.registry.call("dws_before_restore", workspace=workspace, snapshot=snapshot, resources=resources)
        get_snapshot(workspace, snapshot, selection.types)
        versions = {identity: snapshot.versions[identity] for identity in selection.types}
        steps = Lineage(workspace.lineage_of(snapshot).steps)  # what was imported comes back with the content
        wanted = State(versions, steps.to_json())
        names = ", ".join(resource.name for resource in resources)
        brought = bring(workspace, operation, wanted, f"to {snapshot.described}: {names}")
    for line in workspace.registry.call_safely("dws_after_restore", workspace=workspace, snapshot=snapshot, resources=resources):
        workspace.progress.warn(line)
    remarks = [f"{name}: changed again while it was restored" for name in brought.changed]
    return Restored(snapshot, brought.plans, (*selection.remarks, *remarks), done=True)


def _select(workspace: Workspace, snapshot: Snapshot, only: Sequence[str], leave: Sequence[str], *, strict: bool) -> _Selection:
    wanted = {workspace.resource(name).id for name in only}
    left = {workspace.resource(name).id for name in leave}
    strict = strict or bool(only)
    types: dict[str, ResourceType[Any]] = {}
    remarks: list[str] = []
    for resource in workspace.resources:
        if resource.id in left or (wanted and resource.id not in wanted):
            continue
        reason = _reason_to_skip(workspace, snapshot, resource)
        if reason is None:
            types[resource.id] = workspace.open_resource(resource)
        elif resource.role is Role.RESULTS or not strict:
            remarks.append(f"{resource.name}: left as it is ({reason})")
        else:
            raise NotRestorableError(resource.name, reason)
    return _Selection(types, tuple(remarks))


def _reason_to_skip(workspace: Workspace, snapshot: Snapshot, resource: Resource) -> str | None:
    if resource.role is Role.RESULTS:
        return "results always stay"
    if resource.id not in snapshot.versions:
        return f"it was added after {snapshot.label}"
    if resource.type not in workspace.registry.resource_types:
        workspace.settings_type(resource)  # raises the error that names the way to get it
    if Capability.RESTORABLE not in workspace.capabilities(resource):
        return "its type cannot bring content back"
    return None


def _plan(selection: _Selection, snapshot: Snapshot) -> dict[str, RestorePlan]:
    return {type_.resource.name: type_.plan(snapshot.versions[key]) for key, type_ in selection.types.items()}
