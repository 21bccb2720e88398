"""Give a workspace its origin, and push everything there."""

from dws_core.errors import NotShareableError
from dws_core.workspace import EVERYTHING, Choice, May, Pushed, Workspace, changing, plan_push, push_all


def publish(
    workspace: Workspace,
    url: str,
    choice: Choice = EVERYTHING,
    *,
    allow_missing: bool = False,
    dry_run: bool = False,
    may: May = lambda _: False,
) -> Pushed:
    """Make a URL the workspace's origin, and push what is chosen; NoStoreError, with nothing changed, as `push`."""
    _check_shareable(workspace)
    url = workspace.caller.address(url)
    if dry_run:
        return plan_push(workspace, choice, url)
    with changing(workspace, "publish") as operation:
        pushed = push_all(workspace, operation, choice, may, allow_missing=allow_missing, to=url)
    for line in workspace.registry.call_safely("dws_after_push", workspace=workspace, snapshots=pushed.snapshots):
        workspace.progress.warn(line)
    return pushed


def _check_shareable(workspace: Workspace) -> None:
    provided = workspace.registry.backends.get(workspace.description.backend)
    if provided is not None and not provided.descriptor.shares:
        raise NotShareableError(workspace.description.backend)
