"""How every change of a workspace opens: the lock, the repair, the operation."""

from collections.abc import Iterator
from contextlib import contextmanager

from dws_core.errors import FileAccessError, ForeignLocalError
from dws_core.journal import locked
from dws_core.workspace.operation import Operation, repair
from dws_core.workspace.workspace import Workspace


@contextmanager
def changing(workspace: Workspace, verb: str) -> Iterator[Operation]:
    """Wait for the lock, repair what an earlier command left, and hand out the operation.

    A clone that is new gets its id, and a name for its machine that no other clone there has.
    """
    caller = workspace.caller
    holder = f"`dws {verb}` of {caller.user} on {caller.host}, begun {caller.timestamp()[:19]} UTC"
    copied = _prepare_local(workspace)
    with locked(workspace.layout.lock, holder, workspace.progress.warn):
        if copied:
            workspace.clone_settings.adopt(caller.token())
        token = caller.token()
        workspace.clone_settings.begin(token, caller.host if verb == "init" else f"{caller.host[:59]}-{token[:4]}")
        workspace.records.refresh()
        repair(workspace)
        yield Operation(workspace, verb)


def _prepare_local(workspace: Workspace) -> bool:
    """Make the directory of this clone alone, and tell whether what is in it came with a copy of the workspace.

    ForeignLocalError where it came with the history: nothing of a stranger's is ever taken for this clone's own.
    """
    local = workspace.layout.local
    if local.is_symlink() or workspace.layout.metadata.is_symlink():
        raise ForeignLocalError(local, "it is a symlink")
    try:
        local.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileAccessError(local, error) from error
    if workspace.clone_settings.is_foreign or not workspace.layout.settings.exists():
        if workspace.backend.carries(workspace.layout.relative(local)):
            raise ForeignLocalError(local, "it came with the workspace's history")
        return workspace.clone_settings.is_foreign
    return False
