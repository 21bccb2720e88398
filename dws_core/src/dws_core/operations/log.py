"""List the operations that can be taken back."""

from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.model.undo import Standing
from dws_core.workspace import Workspace


def log(workspace: Workspace, *, limit: int | None = None) -> Report:
    """List the operations of the undo log (the newest `limit` of them), oldest first, and whether they still stand."""
    entries = workspace.undo_entries()
    standing = Standing.of(entries)
    done = set(standing.done)
    rows: list[tuple[Json, ...]] = [
        (number, entry.time[:19], entry.verb, entry.what, "" if entry.to is not None else "done" if number in done else "undone")
        for number, entry in entries.items()
    ]
    shown = rows[-limit:] if limit else rows
    closing = [f"{len(rows)} operations" + (f", the newest {len(shown)} shown" if len(shown) < len(rows) else "")]
    if standing.done:
        closing.append(f"`dws undo` takes back {standing.done[-1]}; `dws undo --to N` brings back the state before N.")
    if standing.undone:
        closing.append(f"`dws redo` takes back the undo {standing.undone[-1]}.")
    table = Table(("Number", "Time", "Operation", "What", "State"), shown)
    return Report("log", (f"Operations of workspace {workspace.name}",), (table,), tuple(closing))
