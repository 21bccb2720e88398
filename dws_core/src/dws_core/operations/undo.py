"""Bring back the state before an operation."""

from collections.abc import Mapping
from dataclasses import dataclass

from dws_core.errors import NothingToUndoError, UnknownOperationError
from dws_core.model.undo import Standing, State, UndoEntry, state_before
from dws_core.workspace import Brought, Workspace, bring, changing


@dataclass(frozen=True)
class Undone:
    """What was taken back, by number, the newest first, and what that did to content."""

    entries: Mapping[int, UndoEntry]
    brought: Brought


def undo(workspace: Workspace, *, to: int | None = None) -> Undone:
    """Bring back the state before the last operation, or before operation `to`; what is there now is kept and can come back.

    NothingToUndoError, UnknownOperationError; a setting, a record or content that was not touched since stays as it is.
    """
    with changing(workspace, "undo") as operation:
        entries = workspace.undo_entries()
        standing = Standing.of(entries)
        if to is None and not standing.done:
            raise NothingToUndoError
        number = standing.done[-1] if to is None else to
        if number not in entries:
            raise UnknownOperationError(number, min(entries, default=0), max(entries, default=0))
        taken_back = {each: entries[each] for each in reversed(standing.done) if each >= number}
        state = state_before(entries, number)
        if state == State():
            return Undone({}, Brought({}, ()))
        what = ", ".join(f"{each} ({entry.verb} {entry.what})" for each, entry in taken_back.items())
        brought = bring(workspace, operation, state, what or f"to before {number}", to=number)
    return Undone(taken_back, brought)
