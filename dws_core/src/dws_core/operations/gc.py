"""Remove stored content that no snapshot and no undo entry within its age needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from dws_core.errors import DamagedObjectError, DamagedRecordError, MissingObjectError, NeedUnknownError, UnsafeTreeError
from dws_core.model.codec import JsonObject
from dws_core.model.snapshot import Snapshot
from dws_core.objects import Waste, ids_in
from dws_core.plugin.descriptors import Capability
from dws_core.workspace import Workspace, changing


@dataclass(frozen=True)
class Collected:
    """What was (or with a dry run would be) removed: objects and their bytes, packs made into fewer, undo entries forgotten."""

    objects: int
    bytes: int
    merged: int
    forgotten: tuple[int, ...]
    done: bool


def gc(workspace: Workspace, *, dry_run: bool = False) -> Collected:
    """Remove what nothing needs; NeedUnknownError, nothing being removed, where that cannot be told for certain."""
    if dry_run:
        old, waste = _look(workspace)
        return Collected(waste.objects, waste.bytes, waste.merged, old, done=False)
    with changing(workspace, "gc"):
        old, waste = _look(workspace)
        for number in old:
            workspace.undo_log.remove(number)
        workspace.objects.remove(waste)
    return Collected(waste.objects, waste.bytes, waste.merged, old, done=True)


def _look(workspace: Workspace) -> tuple[tuple[int, ...], Waste]:
    try:
        entries = workspace.undo_log.read()
        old = _past_their_age(workspace, entries)
        by_snapshots = {each for snapshot in workspace.snapshots() for each in _named_by(snapshot)}
        by_undo: set[bytes] = set()
        every = {bytes.fromhex(snapshot.id): snapshot for snapshot in workspace.all_snapshots()}
        for number, entry in entries.items():
            if number not in old:
                named = ids_in(entry)
                by_undo |= named.union(*(_named_by(every[each]) for each in named & every.keys()))
        by_undo |= _seen(workspace)
        return old, workspace.objects.waste(by_snapshots, by_undo)
    except (DamagedRecordError, MissingObjectError, DamagedObjectError, UnsafeTreeError) as error:
        raise NeedUnknownError(error.message) from error


def _past_their_age(workspace: Workspace, entries: Mapping[int, JsonObject]) -> tuple[int, ...]:
    """Name the undo entries that are older than this clone keeps them; the newest is none of them, whatever its age."""
    oldest = workspace.caller.now() - timedelta(days=workspace.settings.undo_days)
    limit = oldest.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    times = {number: entry.get("time") for number, entry in sorted(entries.items())[:-1]}
    return tuple(number for number, time in times.items() if isinstance(time, str) and time < limit)


def _seen(workspace: Workspace) -> set[bytes]:
    """Name what the versions need that resources are seen as."""
    found: set[bytes] = set()
    for resource in workspace.resources:
        if Capability.REMOTE in workspace.capabilities(resource):
            view = workspace.open_resource(resource).view
            found |= ids_in(view.to_json()) if view is not None else set()
    return found


def _named_by(snapshot: Snapshot) -> set[bytes]:
    return {each for version in snapshot.versions.values() for each in ids_in(version.to_json())}
