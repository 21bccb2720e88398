"""Give a workspace its origin, and push everything there."""

from dataclasses import replace

from dws_core.workspace import EVERYTHING, Choice, Pushed, Workspace, changing, check_content, plan_push, push_all


def publish(
    workspace: Workspace,
    url: str,
    choice: Choice = EVERYTHING,
    *,
    allow_missing: bool = False,
    dry_run: bool = False,
) -> Pushed:
    """Make a URL the workspace's origin, and push what is chosen; NoStoreError, with nothing changed, as `push`."""
    if dry_run:
        return plan_push(workspace, choice, url)
    with changing(workspace, "publish") as operation:
        workspace.backend.check()
        if choice.is_all and not allow_missing:
            check_content(workspace)
        workspace.backend.publish(url)
        pushed = push_all(workspace, operation, choice, allow_missing=allow_missing)
    for line in workspace.registry.call_safely("dws_after_push", workspace=workspace, snapshots=pushed.snapshots):
        workspace.progress.warn(line)
    return replace(pushed, history=True)
