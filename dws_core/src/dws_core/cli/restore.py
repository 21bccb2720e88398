"""`dws restore`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.options import Names
from dws_core.cli.outcome import Outcome
from dws_core.cli.progress import amount
from dws_core.cli.session import Session
from dws_core.model.changes import RestorePlan
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

    Results always stay as they are. What has changed since the last snapshot is kept first, so that nothing is lost.
    """
    restored = restore(open_workspace(session), snapshot, only=only, leave=leave, strict=strict, dry_run=dry_run)
    if not restored.done:
        return _plan(restored)
    lines = [f"{name}: {_summary(plan)}" for name, plan in restored.plans.items()]
    return Outcome((f"Restored snapshot {restored.snapshot.label}", *lines, *restored.remarks), _document(restored))


def _plan(restored: Restored) -> Report:
    rows: list[tuple[Json, ...]] = []
    for name, plan in restored.plans.items():
        changes = plan.changes
        rows.append((name, len(changes.added), len(changes.changed), len(changes.removed), amount(plan.bytes), plan.note))
    table = Table(("Resource", "New", "Replaced", "Removed", "Size", "Note"), rows)
    title = f"Restoring snapshot {restored.snapshot.label} would do this; nothing has been changed"
    return Report("restore", (title,), (table,), restored.remarks, _document(restored))


def _summary(plan: RestorePlan) -> str:
    changes = plan.changes
    if not changes:
        return plan.note or "nothing to do"
    counts = f"{len(changes.added)} new, {len(changes.changed)} replaced, {len(changes.removed)} removed"
    return f"{counts} ({amount(plan.bytes)}){f'; {plan.note}' if plan.note else ''}"


def _document(restored: Restored) -> JsonObject:
    plans: JsonObject = {
        name: {
            "new": [*plan.changes.added],
            "replaced": [*plan.changes.changed],
            "removed": [*plan.changes.removed],
            "bytes": plan.bytes,
            "note": plan.note,
        }
        for name, plan in restored.plans.items()
    }
    return {"snapshot": restored.snapshot.id, "done": restored.done, "resources": plans, "remarks": [*restored.remarks]}
