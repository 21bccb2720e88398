"""A plugin that works, and refuses every snapshot for a reason."""

from dws_core.errors import WorkspaceError
from dws_core.plugin import hookimpl


class FridayError(WorkspaceError):
    def __init__(self) -> None:
        super().__init__("no snapshots on a Friday", hint="come back on Monday")


@hookimpl
def dws_before_snapshot() -> None:
    raise FridayError
