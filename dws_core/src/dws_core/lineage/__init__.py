"""Recording how results came to be: the builder of a step, the step that runs, and what a snapshot needs of both."""

from dws_core.lineage.builder import LineageBuilder
from dws_core.lineage.places import find_workspace, version_of
from dws_core.lineage.running import RunningStep, running_steps
from dws_core.lineage.snapshots import for_snapshot

__all__ = ["LineageBuilder", "RunningStep", "find_workspace", "for_snapshot", "running_steps", "version_of"]
