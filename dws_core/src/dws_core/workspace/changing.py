"""How every change of a workspace opens: the lock, the repair, the operation."""

from collections.abc import Iterator
from contextlib import contextmanager

from dws_core.errors import FileAccessError
from dws_core.journal import locked
from dws_core.workspace.operation import Operation, repair
from dws_core.workspace.workspace import Workspace


@contextmanager
def changing(workspace: Workspace, verb: str) -> Iterator[Operation]:
    """Wait for the lock, repair what an earlier command left, and hand out the operation."""
    caller = workspace.caller
    holder = f"`dws {verb}` of {caller.user} on {caller.host}, begun {caller.timestamp()[:19]} UTC"
    try:
        workspace.layout.local.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FileAccessError(workspace.layout.local, error) from error
    with locked(workspace.layout.lock, holder, workspace.progress.warn):
        workspace.clone_settings.begin(caller.token(), caller.host)
        workspace.records.refresh()
        repair(workspace)
        yield Operation(workspace, verb)
