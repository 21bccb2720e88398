"""Recording how results came to be: the builder of a step, the step that runs, and what a snapshot needs of both."""

from dws_core.lineage.builder import LineageBuilder
from dws_core.lineage.places import find_workspace
from dws_core.lineage.running import RunningStep
from dws_core.lineage.snapshots import for_snapshot

__all__ = ["LineageBuilder", "RunningStep", "find_workspace", "for_snapshot"]
