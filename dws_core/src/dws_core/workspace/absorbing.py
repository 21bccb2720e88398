"""Takes in what others pushed: looked at first, then merged in one step that can be taken back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dws_core.errors import DamagedRecordError, DwsError, ForeignRecordError, MergeConflictError
from dws_core.model.codec import JsonObject, parse, record_id
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.model.undo import State, UndoEntry
from dws_core.model.version import Version
from dws_core.plugin.backend import Incoming
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.change import Change
from dws_core.workspace.hiding import hide_or_show
from dws_core.workspace.idset import IdSet
from dws_core.workspace.kinds import NOUNS
from dws_core.workspace.layout import METADATA
from dws_core.workspace.operation import Operation
from dws_core.workspace.workspace import Workspace

_RECORD = re.compile(rf"{re.escape(METADATA)}/([a-z][a-z-]*)/([0-9a-f]{{64}})\.json")


@dataclass(frozen=True)
class News:
    """What came in: the snapshots, how many records there are of each kind, and the other files that differ."""

    snapshots: tuple[Snapshot, ...] = ()
    counts: Mapping[str, int] | None = None
    paths: tuple[str, ...] = ()


def look_at(incoming: Incoming) -> News:
    """Check every record that came in, before anything is merged; ForeignRecordError names one that nobody could use."""
    snapshots: list[Snapshot] = []
    counts: dict[str, int] = {}
    for path, content in incoming.records.items():
        found = _RECORD.fullmatch(path)
        if found is None:
            _check_other(path)
            continue
        noun = _noun(path, found[1], found[2], content)
        counts[found[1]] = counts.get(found[1], 0) + 1
        if isinstance(noun, Snapshot):
            snapshots.append(noun)
    return News(tuple(sorted(snapshots, key=lambda each: (each.time, each.id))), counts, incoming.paths)


def check_records(workspace: Workspace) -> None:
    """Check all records of a new clone as `look_at` does what comes in; lineage, of which there is much, when it is looked at."""
    path = ""
    try:
        workspace.records.rows("snapshots")
        for kind in NOUNS.keys() - {"snapshots", "lineage"}:
            for identity, value in workspace.records.read(kind).items():
                path = f"{METADATA}/{kind}/{identity}.json"
                NOUNS[kind](value, identity)
    except DamagedRecordError as error:
        raise ForeignRecordError(_relative(workspace.root, Path(error.path)), error.reason) from error
    except DwsError as error:
        raise ForeignRecordError(path, error.message) from error
    except ValueError as error:
        raise ForeignRecordError(path, str(error)) from error


def absorb(
    workspace: Workspace, operation: Operation, incoming: Incoming, also: Mapping[str, ResourceType[Any]] | None = None
) -> News:
    """Merge what came in. `also` are resources (by id) that are about to be changed beside it, and can be taken back with it.

    MergeConflictError where the user's own files contradict others': everything else is merged then.
    """
    news = look_at(incoming)
    workspace.backend.check_merge(incoming)
    types = {**_touched(workspace, incoming), **(also or {})}
    change = Change(entry=entry_for(workspace, operation.verb, news, types))
    for ids in (IdSet(workspace.layout.awaited), IdSet(workspace.layout.sent)):
        ids.change(add=(each.id for each in news.snapshots))
    conflicts = operation.absorb(incoming, change)
    show_and_hide(workspace)
    if conflicts:
        raise MergeConflictError(conflicts, workspace.backend.way_on(operation.verb))
    return news


def entry_for(workspace: Workspace, verb: str, news: News, types: Mapping[str, ResourceType[Any]]) -> UndoEntry | None:
    """Keep the content of resources as it is now, for the undo log; None where none will change."""
    if not types:
        return None
    with workspace.objects.steady(), workspace.objects.aside():
        versions: dict[str, Version] = {key: type_.snapshot() for key, type_ in types.items()}
    names = ", ".join(type_.resource.name for type_ in types.values())
    labels = ", ".join(each.label for each in news.snapshots[-3:])
    what = f"{len(news.snapshots)} snapshots ({labels}): {names}" if labels else names
    lineage = workspace.steps.read().current().to_json()
    return UndoEntry(verb, what, workspace.caller.timestamp(), State(versions, lineage))


def show_and_hide(workspace: Workspace) -> None:
    """Keep the directories of the resources there are now out of the history, and those of others in it; may be done again."""
    workspace.records.refresh()
    there = {each.id for each in workspace.resources}
    hide_or_show(workspace, State(there={("resources", identity): identity in there for identity in workspace.all_resources}))


def _touched(workspace: Workspace, incoming: Incoming) -> dict[str, ResourceType[Any]]:
    """Open the resources in the history whose content would change; results stay whatever is taken back."""
    found: dict[str, ResourceType[Any]] = {}
    for resource in workspace.resources:
        if Capability.IN_HISTORY not in workspace.capabilities(resource) or resource.role is Role.RESULTS:
            continue
        type_ = workspace.open_resource(resource)
        if type_.local_path is not None and type_.local_path.is_dir():
            top = _relative(workspace.root, type_.local_path)
            if any(path == top or path.startswith(f"{top}/") for path in incoming.paths):
                found[resource.id] = type_
    return found


def _relative(root: Path, place: Path) -> str:
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else str(place)


def _check_other(path: str) -> None:
    """Let pass what an other version of ours may keep beside the records, and nothing that could be taken for one."""
    if not re.fullmatch(rf"{re.escape(METADATA)}/\.?[A-Za-z0-9_-]+(\.md|\.txt)?", path):
        raise ForeignRecordError(path, "it is no record's name")


def _noun(path: str, kind: str, identity: str, content: bytes) -> object:
    try:
        value: JsonObject = parse(content, path)
        if record_id(content) != identity:
            raise ForeignRecordError(path, "its content does not have the hash that its name says")
        return NOUNS[kind](value, identity) if kind in NOUNS else value
    except ForeignRecordError:
        raise
    except DwsError as error:
        raise ForeignRecordError(path, error.message.removeprefix(f"{path}, ")) from error
    except ValueError as error:
        raise ForeignRecordError(path, str(error)) from error
