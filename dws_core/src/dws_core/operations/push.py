"""Send what others lack: resources to their origins, content to stores, and the history to the workspace's origin."""

from dws_core.errors import NotPublishedError
from dws_core.workspace import EVERYTHING, Choice, May, Pushed, Workspace, changing, plan_push, push_all


def push(
    workspace: Workspace,
    choice: Choice = EVERYTHING,
    *,
    allow_missing: bool = False,
    dry_run: bool = False,
    may: May = lambda _: False,
) -> Pushed:
    """Push the workspace, and the resources that are chosen.

    What others pushed meanwhile is merged. NoStoreError where content would stay here alone, unless `allow_missing`.
    """
    if workspace.backend.origin is None:
        raise NotPublishedError
    if dry_run:
        return plan_push(workspace, choice)
    with changing(workspace, "push") as operation:
        pushed = push_all(workspace, operation, choice, may, allow_missing=allow_missing)
    for line in workspace.registry.call_safely("dws_after_push", workspace=workspace, snapshots=pushed.snapshots):
        workspace.progress.warn(line)
    return pushed
