"""Check everything that a clone holds, tell what is damaged and whom it concerns, and mend what can be mended."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dws_core.errors import DwsError, FileAccessError
from dws_core.journal import locked, write_whole
from dws_core.model.codec import JsonObject, object_of
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.model.version import Version
from dws_core.objects import Condition, Harm, Lacking, ids_in, lacking
from dws_core.workspace import Inspected, Needs, RecordDamage, Workspace, changing, get, inspect, look_elsewhere

_COLUMNS = ("What", "Where", "Affects", "What to do")
_TRIES = 3
_REPAIR = "`dws verify --repair`"
_ELSEWHERE = "fetch it from another clone of the workspace"


@dataclass(frozen=True)
class Verified:
    """What was found, and whether all is well by now."""

    report: Report
    sound: bool


@dataclass
class _Row:
    what: str
    where: str
    advice: str
    affects: list[str] = field(default_factory=list)


@dataclass
class _Found:
    inspected: Inspected
    condition: Condition
    missing: set[bytes]
    rows: list[_Row]
    remarks: list[str]


def verify(workspace: Workspace, names: Sequence[str] = (), *, repair: bool = False) -> Verified:
    """Read everything and change nothing; with `repair`, mend what can be mended, and read everything again.

    With names, only look whether what the snapshots need of these resources is there, reading no content.
    """
    if names:
        return _verify_resources(workspace, [workspace.resource(name) for name in names])
    if not repair:
        return _report(workspace, _look_beside_others(workspace), [])
    with changing(workspace, "verify"):
        found = _look(workspace)
        if not found.rows:
            return _report(workspace, found, [])
        remarks = _mend(workspace, found)
        again = Workspace(workspace.root, workspace.registry, workspace.caller, workspace.progress)
        left = _look(again)
        left.remarks += remarks
    still = {(row.what, row.where) for row in left.rows}
    return _report(workspace, left, [row for row in found.rows if (row.what, row.where) not in still])


def _look_beside_others(workspace: Workspace) -> _Found:
    """Look without the lock; again where another command has taken away, meanwhile, what seems to lack something.

    Where others never rest, the last look has the lock, if this clone may be written to.
    """
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            before = _passing(workspace)
            found = _look(workspace)
            if not found.rows or _passing(workspace) == before:
                return found
    with ExitStack() as held:
        with suppress(FileAccessError):
            held.enter_context(locked(workspace.layout.lock, f"`dws verify` of {workspace.caller.user}", workspace.progress.warn))
        return _look(workspace)


def _passing(workspace: Workspace) -> set[Path]:
    """Name the files that tell what content is needed no more."""
    return {*workspace.layout.undo.glob("*.json"), *(workspace.layout.metadata / "removed").glob("*.json")}


def _look(workspace: Workspace) -> _Found:
    inspected = inspect(workspace)
    condition = workspace.objects.check()
    lacking = Lacking(condition)
    rows = _record_rows(workspace, inspected)
    files = {damage.path: _file_row(workspace, damage.harm, damage.path, damage.reason) for damage in condition.damages}
    absent: dict[tuple[str, int, str], _Row] = {}
    for holder, resource, roots in _holders(inspected):
        for cause, lack in lacking.below(roots).items():
            if cause in files:
                _note(files[cause], holder)
                continue
            where = f"{resource}: {lack.path or '.'}"
            what = f"content missing ({lack.files:,} {'file' if lack.files == 1 else 'files'})"
            _note(absent.setdefault((where, lack.files, ""), _Row(what, where, _advice_on_content(holder))), holder)
    rows += [row for path, row in files.items() if row.affects or _is_certain(path, condition)]
    rows += absent.values()
    elsewhere, remarks = _ask_types(workspace, inspected)
    rows += elsewhere
    strange = [_shown(workspace, path) for path in (*inspected.foreign, *condition.foreign)]
    foreign = [f"{path} is no file of the workspace's, and was left alone" for path in strange]
    return _Found(inspected, condition, lacking.missing, rows, [*inspected.remarks, *remarks, *foreign])


def _record_rows(workspace: Workspace, inspected: Inspected) -> list[_Row]:
    rows = []
    for damage in inspected.damages:
        advice = f"{_REPAIR} takes it back from the history" if damage.recovered is not None else _ELSEWHERE
        row = _Row(f"record damaged: {damage.reason}", _shown(workspace, damage.path), advice)
        row.affects += _concerned(inspected, damage)
        rows.append(row)
    for damage in inspected.bad_entries:
        advice = f"{_REPAIR} moves it aside; what it tells of cannot be undone"
        where = _shown(workspace, damage.path)
        rows.append(_Row(f"undo entry damaged: {damage.reason}", where, advice, [f"undo entry {int(damage.path.stem)}"]))
    try:
        due = workspace.due_repair
    except (DwsError, ValueError):
        where = _shown(workspace, workspace.layout.journal)
        rows.append(
            _Row("journal damaged", where, "an operation may be half done: compare files with `dws status`, then remove it")
        )
    else:
        if due:
            inspected.remarks.append(f"A `dws {due}` was ended in the middle; the next command that changes something repairs it")
    for kind in inspected.false:
        where = _shown(workspace, workspace.layout.index / kind)
        rows.append(_Row("this clone's copy of the records is false", where, f"{_REPAIR} makes it anew"))
    return rows


def _concerned(inspected: Inspected, damage: RecordDamage) -> Iterator[str]:
    """Name the snapshots that a damaged record is, or that name it."""
    if damage.path.parent.name == "snapshots":
        if damage.recovered is None:
            yield damage.path.stem[:7]
        else:
            yield Snapshot.from_json(inspected.records["snapshots"][damage.path.stem], damage.path.stem).label
    every = [Snapshot.from_json(value, identity) for identity, value in inspected.records.get("snapshots", {}).items()]
    for snapshot in sorted(every, key=lambda each: each.time):
        if damage.path.stem in (snapshot.lineage, *snapshot.versions):
            yield snapshot.label


def _file_row(workspace: Workspace, harm: Harm, path: Path, reason: str) -> _Row:
    advice = {
        Harm.INDEX: f"{_REPAIR} makes it anew from its pack",
        Harm.PACK: f"{_REPAIR} keeps what is whole, and looks for the rest in the resources and stores",
        Harm.LOOSE: f"{_REPAIR} moves it aside, and looks for its content in the resources and stores",
        Harm.LOST_PACK: f"put it back, or let {_REPAIR} look for its content in the resources and stores",
    }
    return _Row(f"{harm.value}: {reason}", _shown(workspace, path), advice[harm])


def _is_certain(path: Path, condition: Condition) -> bool:
    """A pack that is gone is no damage where nothing needs it: a command that died may have left its index."""
    return any(damage.path == path and damage.harm is not Harm.LOST_PACK for damage in condition.damages)


def _advice_on_content(holder: str) -> str:
    return f"let {_REPAIR} look for it in the resources and stores, or {_ELSEWHERE}" + (
        "" if holder.startswith("undo entry") else ", or give it up with `dws delete-snapshot`"
    )


def _snapshots(inspected: Inspected) -> Iterator[Snapshot]:
    said = sorted(inspected.records.get("removed", {}).items(), key=lambda each: (str(each[1].get("time", "")), each[0]))
    is_out = {value.get("target"): value.get("back") is not True for _, value in said}
    for identity, value in inspected.records.get("snapshots", {}).items():
        if not is_out.get(identity):
            yield Snapshot.from_json(value, identity)


def _holders(inspected: Inspected) -> Iterator[tuple[str, str, set[bytes]]]:
    """Yield who names content: a snapshot or undo entry, the resource's name, and the ids."""
    names = {identity: str(value.get("name")) for identity, value in inspected.records.get("resources", {}).items()}
    every = inspected.records.get("snapshots", {})
    for snapshot in sorted(_snapshots(inspected), key=lambda each: each.time):
        for identity, version in snapshot.versions.items():
            yield snapshot.label, names.get(identity, identity[:7]), ids_in(version.to_json())
    for number, entry in inspected.entries.items():
        named = ids_in(entry)
        kept = [ids_in(object_of(every[each.hex()], "versions")) for each in named if each.hex() in every]
        yield f"undo entry {number}", "undo", named.union(*kept)


def _verify_resources(workspace: Workspace, resources: Sequence[Resource]) -> Verified:
    snapshots = workspace.snapshots()
    needs = Needs(workspace)
    rows: list[_Row] = []
    remarks: list[str] = []
    for resource in resources:
        versions = {each.label: each.versions[resource.id] for each in snapshots if resource.id in each.versions}
        rows += _elsewhere(workspace, resource, versions, remarks)
        ids = {label: needs.of_version(resource.id, version) for label, version in versions.items()}
        absent = lacking(workspace.objects, frozenset().union(*ids.values()))
        rows += [_Row("content missing", resource.name, _advice_on_content(key), [key]) for key in ids if ids[key] & absent]
    seen = f"{len(snapshots):,} snapshots looked at, no content read through"
    title = f"{', '.join(each.name for each in resources)}: {'something is lost' if rows else 'all is there'}; {seen}"
    tables = (_table("", rows),) if rows else ()
    return Verified(Report("verify", (title,), tables, tuple(remarks), {"damaged": len(rows)}), sound=not (rows or remarks))


def _ask_types(workspace: Workspace, inspected: Inspected) -> tuple[list[_Row], list[str]]:
    """Let every type that is there look after what it keeps elsewhere."""
    rows: list[_Row] = []
    remarks: list[str] = []
    for identity, value in inspected.records.get("resources", {}).items():
        versions = {each.label: each.versions[identity] for each in _snapshots(inspected) if identity in each.versions}
        rows += _elsewhere(workspace, Resource.from_json(value, identity), versions, remarks)
    return rows, remarks


def _elsewhere(workspace: Workspace, resource: Resource, versions: Mapping[str, Version], remarks: list[str]) -> list[_Row]:
    found = look_elsewhere(workspace, resource, versions)
    if found.problem:
        remarks.append(found.problem)
    return [_Row(f"missing: {what}", resource.name, _ELSEWHERE, labels) for what, labels in found.absent.items()]


def _mend(workspace: Workspace, found: _Found) -> list[str]:
    workspace.records.sweep()
    for damage in found.inspected.damages:
        if damage.recovered is not None:
            if damage.path.exists():
                workspace.objects.set_aside(damage.path)
            write_whole(damage.path, damage.recovered)
    for damage in found.inspected.bad_entries:
        workspace.objects.set_aside(damage.path)
    for kind in found.inspected.false:
        workspace.records.forget_index(kind)
    workspace.objects.mend(found.condition.damages, found.missing)
    again = Workspace(workspace.root, workspace.registry, workspace.caller, workspace.progress)
    if not (found.missing or found.rows):
        return []
    return [*_store_anew(again), *_get_anew(again, found.missing)]


def _store_anew(workspace: Workspace) -> list[str]:
    """Store every resource as it is now, which brings back the objects that it still has; nothing people see is changed."""
    remarks = []
    try:
        resources = workspace.resources
    except DwsError as error:
        return [f"The resources were not looked through: {error.message}"]
    for resource in resources:
        try:
            type_ = workspace.open_resource(resource)
            type_.check()
            type_.snapshot()
        except DwsError as error:
            remarks.append(f"{resource.name} was not looked through: {error.message}")
    return remarks


def _get_anew(workspace: Workspace, missing: set[bytes]) -> tuple[str, ...]:
    """Get from the stores what they have of what is missing."""
    try:
        return get(workspace, [each.hex() for each in missing]).remarks if missing else ()
    except DwsError as error:
        return (f"The stores were not looked through: {error.message}",)


def _report(workspace: Workspace, found: _Found, repaired: list[_Row]) -> Verified:
    sound = not found.rows
    objects = len(found.condition.whole)
    records = sum(map(len, found.inspected.records.values())) - sum(1 for each in found.inspected.damages if each.recovered)
    seen = f"{records:,} records and {objects:,} objects are as they were written"
    title = f"Workspace {workspace.name}: {'all is well' if sound else 'there is damage'}; {seen}"
    tables = [_table("Damaged" if repaired else "", found.rows)] if found.rows else []
    tables += [_table("Repaired", repaired)] if repaired else []
    facts: JsonObject = {"damaged": len(found.rows), "repaired": len(repaired)}
    return Verified(Report("verify", (title,), tuple(tables), tuple(found.remarks), facts), sound)


def _table(title: str, rows: list[_Row]) -> Table:
    cells = [(row.what, row.where, ", ".join(row.affects), "" if title == "Repaired" else row.advice) for row in rows]
    return Table(_COLUMNS, cells, title)


def _note(row: _Row, holder: str) -> None:
    if holder not in row.affects:
        row.affects.append(holder)


def _shown(workspace: Workspace, path: Path) -> str:
    with suppress(ValueError):
        return workspace.layout.relative(path)
    return str(path)
