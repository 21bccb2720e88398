"""What a snapshot needs of the lineage."""

from collections.abc import Collection
from dataclasses import replace

from dws_core.errors import DamagedRecordError
from dws_core.lineage.consistency import check_lineage
from dws_core.model.codec import dump, parse
from dws_core.model.lineage import ImportedLineage, Lineage
from dws_core.workspace import Workspace


def for_snapshot(workspace: Workspace, carried: Collection[str] = ()) -> Lineage:
    """Give the graph that a snapshot taken now records; a LineageError names the steps that contradict each other.

    What resources (by id) whose version is carried over brought along from other workspaces is carried over as well. Where
    nothing is known of what a resource should have brought along, the user is told why.
    """
    graph = workspace.current_lineage()
    check_lineage(graph)
    imported = {**graph.imported, **_carried_imports(workspace, carried)}
    graph = _storable(replace(graph, imported=imported))
    for name, each in graph.imported.items():
        if each.problem:
            workspace.progress.warn(f"{name}: what it came from is unknown, since {each.problem}")
    return graph


def _carried_imports(workspace: Workspace, carried: Collection[str]) -> dict[str, ImportedLineage]:
    found: dict[str, ImportedLineage] = {}
    for resource in workspace.resources:
        if resource.imported and resource.id in carried:
            snapshot = next(each for each in reversed(workspace.snapshots()) if resource.id in each.versions)
            nothing = ImportedLineage.unknown("its version was carried over from a snapshot that knew nothing of it")
            found[resource.name] = workspace.lineage_of(snapshot).imported.get(resource.name, nothing)
    return found


def _storable(graph: Lineage) -> Lineage:
    """Leave out what came from other workspaces where all of it together is more than a record can hold."""
    try:
        if graph.imported:
            parse(dump(graph.to_json()), "the lineage")
    except DamagedRecordError:
        too_much = ImportedLineage.unknown("all lineage that was imported is more than a snapshot can hold")
        return replace(graph, imported=dict.fromkeys(graph.imported, too_much))
    return graph
