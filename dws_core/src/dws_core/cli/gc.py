"""`dws gc`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.progress import amount
from dws_core.cli.session import Session
from dws_core.model.codec import JsonObject
from dws_core.operations.gc import Collected, gc


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and change nothing.")
@click.pass_obj
def command(session: Session, dry_run: bool) -> Outcome:
    """Remove stored content that no snapshot needs, and no undo entry that is younger than the setting `undo_days`.

    Many small packs are made into few. Where it cannot be told for certain what is needed, nothing is removed.
    """
    collected = gc(open_workspace(session), dry_run=dry_run)
    document: JsonObject = {
        "done": collected.done,
        "objects": collected.objects,
        "bytes": collected.bytes,
        "packs_merged": collected.merged,
        "undo_entries": [*collected.forgotten],
    }
    return Outcome(_lines(collected), document)


def _lines(collected: Collected) -> tuple[str, ...]:
    counts = f"{collected.objects:,} objects ({amount(collected.bytes)})"
    entries = f", and what it takes to undo {len(collected.forgotten):,} operations" if collected.forgotten else ""
    if not collected.done:
        return (f"Would remove {counts}{entries}; nothing has been changed",)
    if not (collected.objects or collected.forgotten or collected.merged):
        return ("Nothing was removed: all that is stored is needed",)
    merged = (f"Merged {collected.merged:,} small packs",) if collected.merged else ()
    return (f"Removed {counts}{entries}", *merged)
