"""What a snapshot needs of the lineage."""

from dws_core.lineage.consistency import check_lineage
from dws_core.model.lineage import Lineage
from dws_core.workspace import Workspace


def for_snapshot(workspace: Workspace) -> Lineage:
    """Give the graph that a snapshot taken now records; a LineageError names the steps that contradict each other."""
    graph = workspace.current_lineage()
    check_lineage(graph)
    return graph
