"""`dws undo`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.plans import plans_document, summary
from dws_core.cli.session import Session
from dws_core.model.codec import JsonObject
from dws_core.operations.undo import undo


@click.command()
@click.pass_obj
def command(session: Session) -> Outcome:
    """Take back the last restore: resources hold again what they held before it, unsaved changes too.

    Done a second time, it takes itself back.
    """
    undone = undo(open_workspace(session))
    title = f"Took back the `dws {undone.verb}` of {undone.time[:19]} UTC (once more `dws undo` does it again)"
    lines = [f"{name}: {summary(plan)}" for name, plan in undone.plans.items()]
    document: JsonObject = {
        "verb": undone.verb,
        "time": undone.time,
        "resources": plans_document(undone.plans),
        "remarks": [*undone.remarks],
    }
    return Outcome((title, *lines, *undone.remarks), document)
