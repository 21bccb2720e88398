"""`dws undo`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.plans import plans_document, summaries
from dws_core.cli.session import Session
from dws_core.operations.undo import undo


@click.command()
@click.option("--to", type=click.IntRange(min=1), metavar="N", help="Bring back the state before operation N of `dws log`.")
@click.pass_obj
def command(session: Session, to: int | None) -> Outcome:
    """Bring back the state before the last operation, or before operation N: records, settings and every byte of content.

    What is there now is kept first: `dws redo` brings it back.
    """
    undone = undo(open_workspace(session), to=to)
    lines = [f"Took back {number}: {entry.verb} {entry.what}" for number, entry in undone.entries.items()]
    if not lines:
        lines = ["Nothing was to be taken back" if not undone.brought.plans else f"Brought back the state before {to}"]
    remarks = [f"{name}: changed again meanwhile" for name in undone.brought.changed]
    return Outcome(
        (*lines, *summaries(undone.brought.plans), *remarks),
        {
            "taken_back": [
                {"number": number, "verb": entry.verb, "what": entry.what, "time": entry.time}
                for number, entry in undone.entries.items()
            ],
            "resources": plans_document(undone.brought.plans),
            "remarks": [*remarks],
        },
    )
