"""Brings a part of the workspace to a state, after what is there now was kept for the undo log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dws_core.model.changes import RestorePlan
from dws_core.model.lineage import Lineage
from dws_core.model.resource import Resource
from dws_core.model.undo import State, UndoEntry
from dws_core.model.version import Version
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.change import Change
from dws_core.workspace.operation import Operation
from dws_core.workspace.standing import records_between, stands_now
from dws_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class Brought:
    """What was done to the content of each resource, by name, and the names of those that somebody changed meanwhile."""

    plans: Mapping[str, RestorePlan]
    changed: tuple[str, ...]


def bring(workspace: Workspace, operation: Operation, wanted: State, what: str, *, to: int | None = None) -> Brought:
    """Bring everything that a state tells of to what it tells; `what` is said of it in the undo log.

    All content is stored as it is now, and everything that is needed found present and intact, before the first byte changes.
    """
    with workspace.objects.steady():
        types = {each.id: workspace.open_resource(each) for each in _in_order(workspace, wanted)}
        with workspace.objects.aside():
            saved = {key: _store(type_) for key, type_ in types.items()}
        plans = {type_.resource.name: type_.plan(wanted.versions[key]) for key, type_ in types.items()}
        differing = tuple(key for key, version in wanted.versions.items() if saved[key] != version)
        now = stands_now(workspace, wanted, saved)
        records = records_between(workspace, now, wanted)
        entry = UndoEntry(operation.verb, what, workspace.caller.timestamp(), now, to)
        other = now.own != wanted.own or now.exports != wanted.exports or _has_other_lineage(workspace, wanted)
        anything = differing or records or to is not None or other
        change = Change(wanted, differing, entry=entry if anything else None)
        if records:
            workspace.backend.check()
            found = operation.record(f"{operation.verb.capitalize()} {what}", records, change)
        else:
            found = operation.alone(change)
    return Brought(plans, _otherwise(types, found, wanted))


def _in_order(workspace: Workspace, wanted: State) -> list[Resource]:
    """Name the resources whose content a state tells of, in the order that people know; those that are out come last."""
    there = [each for each in workspace.resources if each.id in wanted.versions]
    known = {each.id for each in there}
    return [*there, *(workspace.all_resources[key] for key in wanted.versions if key not in known)]


def _store(type_: ResourceType[Any]) -> Version:
    if type_.local_path is not None and not type_.local_path.exists():
        type_.create()  # a directory that was deleted held nothing, and is to hold something again
    type_.check()
    return type_.snapshot()


def _has_other_lineage(workspace: Workspace, wanted: State) -> bool:
    if wanted.lineage is None:
        return False
    names = [workspace.all_resources[key].name for key in wanted.versions]
    return workspace.steps.adopted(Lineage.from_json(wanted.lineage), names) != workspace.steps.read()


def _otherwise(types: Mapping[str, ResourceType[Any]], found: Mapping[str, Version], wanted: State) -> tuple[str, ...]:
    return tuple(types[key].resource.name for key, version in found.items() if version != wanted.versions[key])
