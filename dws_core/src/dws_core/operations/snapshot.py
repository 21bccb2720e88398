"""Record the exact version of every resource, and move the results to a directory of the snapshot."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dws_core.errors import NameTakenError, NothingToCarryError
from dws_core.lineage import for_snapshot
from dws_core.model.codec import Json, JsonObject, dump, record_id
from dws_core.model.lineage import Lineage
from dws_core.model.names import check_name, fold
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.model.undo import State, UndoEntry
from dws_core.model.version import Version
from dws_core.objects import known
from dws_core.plugin.resource_type import ResourceType
from dws_core.plugin.viewing import view_of
from dws_core.workspace import (
    LINEAGE_FILE,
    Change,
    ExportPlan,
    Move,
    Operation,
    ResultsPlan,
    Workspace,
    changing,
    plan_exports,
    plan_results,
)


@dataclass(frozen=True)
class Taken:
    """The snapshot that was taken, None where nothing has changed, and where the results of each resource went (by name)."""

    snapshot: Snapshot | None
    moved: Mapping[str, str]
    remarks: tuple[str, ...] = ()


def snapshot(workspace: Workspace, tag: str | None = None, message: str = "", *, leave: Sequence[str] = ()) -> Taken:
    """Take a snapshot; of the resources named in `leave` the last version is carried over, unlooked-at."""
    with changing(workspace, "snapshot") as operation:
        _check_tag(workspace, tag)
        left = {workspace.resource(name).id for name in leave}
        looked_at = {each.id: workspace.open_resource(each) for each in workspace.resources if each.id not in left}
        carried = _carry(workspace, left)
        workspace.registry.call(
            "dws_before_snapshot", workspace=workspace, resources=workspace.resources, message=message, tag=tag
        )
        workspace.backend.check()
        for type_ in looked_at.values():
            type_.check()
        taken = _take(workspace, operation, tag, message, looked_at, carried)
    if taken.snapshot is None:
        return taken
    for line in workspace.registry.call_safely("dws_after_snapshot", workspace=workspace, snapshot=taken.snapshot):
        workspace.progress.warn(line)
    return taken


def _take(
    workspace: Workspace,
    operation: Operation,
    tag: str | None,
    message: str,
    looked_at: Mapping[str, ResourceType[Any]],
    carried: Mapping[str, Version],
) -> Taken:
    last = next(reversed(workspace.snapshots()), None)
    number = 1 + max((each.number for each in workspace.all_snapshots() if each.host == workspace.hostname), default=0)
    lineage = for_snapshot(workspace, carried)
    moving = _plan_moves(workspace, looked_at, tag, number, lineage.to_json())
    metrics = _read_metrics(looked_at, moving)
    seen = {type_.resource.name: view_of(workspace, type_.resource) for type_ in looked_at.values()}
    exporting = [type_ for key, type_ in looked_at.items() if type_.resource.role is not Role.RESULTS or key in moving]
    exports = plan_exports(workspace, lineage, exporting)
    with operation.exporting(exports.before, exports.after):
        versions, before = _store(workspace, looked_at, moving)
        everything = {**carried, **versions}
        if last and not moving and not tag and not message and dict(last.versions) == everything:
            return Taken(None, {})
        everything |= {identity: looked_at[identity].annotate(version) for identity, version in versions.items()}
        record = Snapshot(
            number=number,
            tags=(tag,) if tag else (),
            message=message,
            time=workspace.caller.timestamp(after=last.time if last else ""),
            host=workspace.hostname,
            user=workspace.caller.user,
            versions=everything,
            parents=(last.id,) if last else (),
            carried=tuple(carried),
            results={identity: plan.move.destination for identity, plan in moving.items()},
            metrics=metrics,
            lineage=record_id(dump(lineage.to_json())),
            objects={key: tuple(sorted(known(workspace.objects, everything[key].named_ids))) for key in versions},
            exported={versions[key].id: known for key, known in exports.known_as.items() if known != versions[key].id},
        )
        identity = _record(workspace, operation, record, lineage, moving, before, exports)
    moved = {looked_at[key].resource.name: plan.move.destination for key, plan in moving.items()}
    return Taken(Snapshot.from_json(record.to_json(), identity), moved, (*_remarks(looked_at, exports), *_views(seen)))


def _remarks(looked_at: Mapping[str, ResourceType[Any]], exports: ExportPlan) -> tuple[str, ...]:
    names = [looked_at[identity].resource.name for identity in exports.after]
    return tuple(f"The lineage of {name} is in {name}:/{LINEAGE_FILE}, for other workspaces" for name in names)


def _views(seen: Mapping[str, str]) -> Iterator[str]:
    for name, what in seen.items():
        if what:
            yield f"{name} is recorded as it is seen, as in {what}; `dws live {name}` shows what lies there now"


def _store(
    workspace: Workspace, looked_at: Mapping[str, ResourceType[Any]], moving: Mapping[str, ResultsPlan]
) -> tuple[dict[str, Version], dict[str, Version]]:
    """Store all content, and answer its versions, and those from before the move of what moves."""
    with workspace.objects.steady():
        versions = {
            identity: type_.snapshot(moving[identity].move if identity in moving else None)
            for identity, type_ in looked_at.items()
        }
        with workspace.objects.aside():
            return versions, {identity: looked_at[identity].snapshot() for identity in moving}


def _record(
    workspace: Workspace,
    operation: Operation,
    record: Snapshot,
    lineage: Lineage,
    moving: Mapping[str, ResultsPlan],
    before: Mapping[str, Version],
    exports: ExportPlan,
) -> str:
    by_id = {each.id: each for each in workspace.resources}
    title = f"Snapshot {record.label or record.number}" + (f": {record.message}" if record.message else "")
    identity = record_id(dump(record.to_json()))
    steps = workspace.steps.read().current().to_json() if moving else None
    undone = State(before, steps, there={("snapshots", identity): False}, exports=exports.before)
    what = Snapshot.from_json(record.to_json(), identity).described
    operation.record(
        title,
        [("lineage", lineage.to_json()), ("snapshots", record.to_json())],
        Change(
            State(exports=exports.after),
            moves=[Move(key, record.versions[key], plan.move) for key, plan in moving.items()],
            entry=UndoEntry(operation.verb, what, record.time, undone),
        ),
        versions=[(by_id[key], version) for key, version in record.versions.items() if key not in record.carried],
    )
    return identity


def _check_tag(workspace: Workspace, tag: str | None) -> None:
    if tag is None:
        return
    check_name("tag", tag)
    for each in workspace.snapshots():
        if fold(tag) in map(fold, each.tags):
            raise NameTakenError("tag", tag, holder=f"snapshot {each.short} of {each.time[:19]}")


def _carry(workspace: Workspace, left: set[str]) -> dict[str, Version]:
    """Find the last recorded version of each resource that is left alone."""
    carried = {}
    for resource in workspace.resources:
        if resource.id in left:
            newest_first = reversed(workspace.snapshots())
            recorded = next((each for each in newest_first if resource.id in each.versions), None)
            if recorded is None:
                raise NothingToCarryError(resource.name)
            carried[resource.id] = recorded.versions[resource.id]
    return carried


def _plan_moves(
    workspace: Workspace, looked_at: Mapping[str, ResourceType[Any]], tag: str | None, number: int, lineage: JsonObject
) -> dict[str, ResultsPlan]:
    plans = {}
    for identity, type_ in looked_at.items():
        if type_.resource.role is Role.RESULTS:
            plan = plan_results(workspace, type_, tag=tag, number=number, files={LINEAGE_FILE: dump(lineage)})
            if plan is not None:
                plans[identity] = plan
    return plans


def _read_metrics(looked_at: Mapping[str, ResourceType[Any]], moving: Mapping[str, ResultsPlan]) -> dict[str, Json]:
    """Collect the metrics of the results files that this snapshot takes with it, for the history."""
    metrics: dict[str, Json] = {}
    for identity, plan in moving.items():
        for name in plan.results_files:
            try:
                found = json.loads(looked_at[identity].files().read(name), parse_constant=str)
            except (OSError, ValueError):
                continue  # somebody else's file of that name; the snapshot keeps it as it keeps any other
            if isinstance(found, dict) and isinstance(found.get("metrics"), dict):
                metrics.update(found["metrics"])
    return metrics
