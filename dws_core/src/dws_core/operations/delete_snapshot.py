"""Take a snapshot out of the history."""

from dws_core.model.snapshot import Snapshot
from dws_core.model.undo import State
from dws_core.workspace import Workspace, bring, changing


def delete_snapshot(workspace: Workspace, text: str) -> Snapshot:
    """Hide the snapshot's record, and answer it; its results folder stays, and its number is never used again."""
    with changing(workspace, "delete-snapshot") as operation:
        snapshot = workspace.find_snapshot(text)
        bring(workspace, operation, State(there={("snapshots", snapshot.id): False}), snapshot.described)
    return snapshot
