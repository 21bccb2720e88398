"""A plugin that works: it leaves a note once a snapshot has been taken, and takes only the arguments that it needs."""

from dws_core.model.snapshot import Snapshot
from dws_core.plugin import WorkspaceView, hookimpl


@hookimpl
def dws_after_snapshot(workspace: WorkspaceView, snapshot: Snapshot) -> None:
    (workspace.root / "note.txt").write_text(snapshot.label)
