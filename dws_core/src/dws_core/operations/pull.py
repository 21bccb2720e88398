"""Take what others pushed: the history, resources from their origins, and content from stores."""

from dws_core.errors import NotPublishedError
from dws_core.workspace import EVERYTHING, Choice, May, Pulled, Workspace, changing, plan_pull, pull_all


def pull(
    workspace: Workspace,
    choice: Choice = EVERYTHING,
    *,
    dry_run: bool = False,
    may: May = lambda _: False,
) -> Pulled:
    """Pull the workspace, and the resources that are chosen.

    `may` is asked before anything is contacted that a stranger's record names. MergeConflictError where the user's own files
    contradict others': everything else is merged then.
    """
    origin = workspace.backend.origin
    if origin is None:
        raise NotPublishedError
    if dry_run:
        return plan_pull(workspace, origin, choice)
    with changing(workspace, "pull") as operation:
        workspace.backend.check()
        pulled = pull_all(workspace, operation, origin, choice, may)
    snapshots = pulled.news.snapshots
    for line in workspace.registry.call_safely("dws_after_pull", workspace=workspace, snapshots=snapshots):
        workspace.progress.warn(line)
    return pulled
