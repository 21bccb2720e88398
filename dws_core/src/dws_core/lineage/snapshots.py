"""What snapshot and restore need of the lineage."""

from collections.abc import Sequence

from dws_core.lineage.consistency import check_lineage
from dws_core.model.lineage import Lineage
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.workspace import Workspace


def for_snapshot(workspace: Workspace) -> Lineage:
    """Give the graph that a snapshot taken now records; a LineageError names the steps that contradict each other."""
    graph = workspace.current_lineage()
    check_lineage(graph)
    return graph


def restore_lineage(workspace: Workspace, snapshot: Snapshot, resources: Sequence[Resource]) -> None:
    """Let the lineage of these resources be what the snapshot recorded."""
    workspace.steps.adopt(workspace.lineage_of(snapshot), [resource.name for resource in resources])
