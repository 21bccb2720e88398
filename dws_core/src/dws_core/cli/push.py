"""`dws push`."""

import click

from dws_core.cli.exchanges import choosing, pushed_document, pushed_lines
from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.operations.push import push
from dws_core.workspace import Choice


@click.command()
@click.option("--accept", is_flag=True, help="Send content to the stores that the workspace names, without asking.")
@click.option("--allow-missing", is_flag=True, help="Push snapshots whose content has no store; others cannot restore those.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@choosing
@click.pass_obj
def command(session: Session, choice: Choice, accept: bool, allow_missing: bool, dry_run: bool) -> Outcome:
    """Push the workspace to its origin, and its resources: content to the stores, repositories to their own origins.

    Content goes first, so that others never see a snapshot that they cannot restore. What others pushed meanwhile is merged.
    """
    pushed = push(
        open_workspace(session),
        choice,
        allow_missing=allow_missing,
        may=session.may(accept=accept),
        dry_run=dry_run,
    )
    return Outcome(pushed_lines(pushed), pushed_document(pushed))
