"""`dws redo`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.plans import plans_document, summaries
from dws_core.cli.session import Session
from dws_core.operations.redo import redo


@click.command()
@click.pass_obj
def command(session: Session) -> Outcome:
    """Take back the last undo, unless another operation came since; what is there now is kept first."""
    redone = redo(open_workspace(session))
    remarks = [f"{name}: changed again meanwhile" for name in redone.brought.changed]
    return Outcome(
        (f"Did again {redone.entry.what}", *summaries(redone.brought.plans), *remarks),
        {"what": redone.entry.what, "resources": plans_document(redone.brought.plans), "remarks": [*remarks]},
    )
