"""Tell what differs between two snapshots, down to files, parameters and metrics."""

from collections.abc import Mapping

from dws_core.errors import DwsError
from dws_core.model.changes import Changes
from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.model.version import Version
from dws_core.workspace import Workspace

Row = tuple[Json, ...]


def diff(workspace: Workspace, first: str, second: str) -> Report:
    """Compare the snapshots of those tags or hashes; only what differs is listed."""
    old, new = workspace.find_snapshot(first), workspace.find_snapshot(second)
    resources: list[Row] = []
    files: list[Row] = []
    sizes: dict[str, Json] = {}
    for resource in workspace.resources:
        before, after = old.versions.get(resource.id), new.versions.get(resource.id)
        if before != after:
            resources.append((resource.name, resource.role.value, _shown(before), _shown(after)))
            changes = _changes(workspace, resource, before, after)
            files.extend((resource.name, *row) for row in _files(changes))
            if isinstance(changes, Changes) and changes.bytes is not None:
                sizes[resource.name] = changes.bytes
    tables = [
        Table(("Resource", "Role", old.label, new.label), resources, "Resources"),
        Table(("Resource", "Change", "File"), files, "Files"),
        Table(("Step", "Parameter", old.label, new.label), _parameters(workspace, old, new), "Parameters"),
        Table(("Metric", old.label, new.label), _unequal(_flat(old.metrics), _flat(new.metrics)), "Metrics"),
    ]
    shown = tuple(table for table in tables if table.rows)
    closing = tuple(f"{name}: what was added and changed is {size:,} bytes" for name, size in sizes.items())
    closing = closing if shown else (f"{old.label} and {new.label} are equal.",)
    facts: dict[str, Json] = {"from": old.id, "to": new.id, "bytes": sizes}
    return Report("diff", (f"Differences from {old.label} to {new.label}",), shown, closing, facts)


def _shown(version: Version | None) -> str:
    return "none" if version is None else f"Hash:{version.short}"


def _changes(workspace: Workspace, resource: Resource, before: Version | None, after: Version | None) -> Changes | str:
    """Tell what differs, or why that cannot be told."""
    if after is None:
        return Changes()
    try:
        return workspace.open_resource(resource).compare(before, after)
    except DwsError as error:
        return error.message


def _files(changes: Changes | str) -> list[tuple[str, str]]:
    if isinstance(changes, str):
        return [("unknown", changes)]
    kinds = (("added", changes.added), ("removed", changes.removed), ("changed", changes.changed))
    return [(kind, path) for kind, paths in kinds for path in paths]


def _parameters(workspace: Workspace, old: Snapshot, new: Snapshot) -> list[Row]:
    before, after = ({step.name: step.parameters for step in workspace.lineage_of(each).steps} for each in (old, new))
    return [
        (step, *row)
        for step in dict.fromkeys((*before, *after))
        for row in _unequal(_flat(before.get(step, {})), _flat(after.get(step, {})))
    ]


def _unequal(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[Row]:
    names = dict.fromkeys((*before, *after))
    return [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def _flat(values: Mapping[str, Json], prefix: str = "") -> dict[str, Json]:
    """Turn objects in objects to one level, `report.precision`."""
    flat: dict[str, Json] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{name}."))
        else:
            flat[f"{prefix}{name}"] = value
    return flat
