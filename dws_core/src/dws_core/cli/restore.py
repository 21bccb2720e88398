"""`dws restore`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.options import Names
from dws_core.cli.outcome import Outcome
from dws_core.cli.plans import plans_document, summaries
from dws_core.cli.progress import amount
from dws_core.cli.session import Session
from dws_core.model.codec import Json, JsonObject
from dws_core.model.report import Report, Table
from dws_core.operations.restore import Restored, restore


@click.command()
@click.argument("snapshot", metavar="TAG_OR_HASH")
@click.option("--only", type=Names(), default=(), help="Restore these resources alone; each must be restorable.")
@click.option("--leave", type=Names(), default=(), help="Leave these resources as they are.")
@click.option("--strict", is_flag=True, help="Stop if a resource cannot be restored, rather than leave it as it is.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing.")
@click.pass_obj
def command(
    session: Session, snapshot: str, only: tuple[str, ...], leave: tuple[str, ...], strict: bool, dry_run: bool
) -> Outcome | Report:
    """Bring resources back to the snapshot with that tag or hash.

    Results always stay as they are. Unsaved changes are kept first: `dws undo` brings them back.
    """
    restored = restore(open_workspace(session), snapshot, only=only, leave=leave, strict=strict, dry_run=dry_run)
    if not restored.done:
        return _plan(restored)
    title = f"Restored snapshot {restored.snapshot.label}"
    return Outcome((title, *summaries(restored.plans), *restored.remarks), _document(restored))


def _plan(restored: Restored) -> Report:
    rows: list[tuple[Json, ...]] = []
    for name, plan in restored.plans.items():
        changes = plan.changes
        rows.append((name, len(changes.added), len(changes.changed), len(changes.removed), amount(plan.bytes), plan.note))
    table = Table(("Resource", "New", "Replaced", "Removed", "Size", "Note"), rows)
    title = f"Restoring snapshot {restored.snapshot.label} would do this; nothing has been changed"
    return Report("restore", (title,), (table,), restored.remarks, _document(restored))


def _document(restored: Restored) -> JsonObject:
    resources = plans_document(restored.plans)
    return {"snapshot": restored.snapshot.id, "done": restored.done, "resources": resources, "remarks": [*restored.remarks]}
