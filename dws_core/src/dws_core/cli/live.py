"""`dws live`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.operations.live import live


@click.command()
@click.argument("name")
@click.pass_obj
def command(session: Session, name: str) -> Outcome:
    """See what lies in the resource NAME now, where `dws restore` has it seen as in a snapshot.

    Nothing at the place itself is changed.
    """
    seen = live(open_workspace(session), name)
    if seen.before:
        line = f"{seen.name} is seen as it is now; it was seen as in {seen.before}"
    else:
        line = f"{seen.name} is seen as it is now already"
    return Outcome((line,), {"resource": seen.name, "before": seen.before or None})
