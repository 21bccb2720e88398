"""Recording how results came to be: the builder of a step, the step that runs, and what snapshots need of both."""

from dws_core.lineage.builder import LineageBuilder
from dws_core.lineage.places import find_workspace
from dws_core.lineage.running import RunningStep
from dws_core.lineage.snapshots import for_snapshot, restore_lineage

__all__ = ["LineageBuilder", "RunningStep", "find_workspace", "for_snapshot", "restore_lineage"]
