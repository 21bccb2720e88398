"""Take back the last undo."""

from dataclasses import dataclass

from dws_core.errors import NothingToRedoError
from dws_core.model.undo import Standing, UndoEntry, state_before
from dws_core.workspace import Brought, Workspace, bring, changing


@dataclass(frozen=True)
class Redone:
    """The undo that was taken back, and what that did to content."""

    entry: UndoEntry
    brought: Brought


def redo(workspace: Workspace) -> Redone:
    """Bring back the state before the last undo, unless another operation came since; NothingToRedoError."""
    with changing(workspace, "redo") as operation:
        entries = workspace.undo_entries()
        standing = Standing.of(entries)
        if not standing.undone:
            raise NothingToRedoError
        number = standing.undone[-1]
        brought = bring(workspace, operation, state_before(entries, number), entries[number].what, to=number)
    return Redone(entries[number], brought)
