"""Take a snapshot out of the history."""

from dws_core.model.snapshot import Snapshot
from dws_core.workspace import Workspace, changing


def delete_snapshot(workspace: Workspace, text: str) -> Snapshot:
    """Hide the snapshot's record, and answer it; its results folder stays, and its number is never used again."""
    with changing(workspace, "delete-snapshot") as operation:
        workspace.backend.check()
        snapshot = workspace.find_snapshot(text)
        record = {
            "target": snapshot.id,
            "kind": "snapshot",
            "time": workspace.caller.timestamp(),
            "user": workspace.caller.user,
            "host": workspace.hostname,
        }
        operation.record(f"Delete the snapshot {snapshot.label}", [("removed", {**record})])
    return snapshot
