"""`dws pull`."""

import click

from dws_core.cli.exchanges import choosing, pulled_document, pulled_lines
from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.operations.pull import pull
from dws_core.workspace import Choice


@click.command()
@click.option("--accept", is_flag=True, help="Use the origins and stores that the workspace names, without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be taken, and change nothing.")
@choosing
@click.pass_obj
def command(session: Session, choice: Choice, accept: bool, dry_run: bool) -> Outcome:
    """Pull what others pushed: snapshots and their content, results, and what is new at the origins of resources.

    Files that you changed are never overwritten, and stored data stays as it is: `dws restore` brings another snapshot's.
    """
    pulled = pull(
        open_workspace(session),
        choice,
        dry_run=dry_run,
        may=session.may(accept=accept),
    )
    return Outcome(pulled_lines(pulled), pulled_document(pulled), sound=not pulled.arrived.problems)
