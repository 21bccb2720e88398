"""`dws publish`."""

import click

from dws_core.cli.exchanges import choosing, pushed_document, pushed_lines
from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.operations.publish import publish
from dws_core.workspace import Choice


@click.command()
@click.argument("url")
@click.option("--accept", is_flag=True, help="Send content to the stores that the workspace names, without asking.")
@click.option("--allow-missing", is_flag=True, help="Push snapshots whose content has no store; others cannot restore those.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@choosing
@click.pass_obj
def command(
    session: Session,
    url: str,
    choice: Choice,
    accept: bool,
    allow_missing: bool,
    dry_run: bool,
) -> Outcome:
    """Give the workspace its origin, an empty repository at URL, and push everything there."""
    pushed = publish(
        open_workspace(session),
        url,
        choice,
        allow_missing=allow_missing,
        may=session.may(accept=accept),
        dry_run=dry_run,
    )
    begun = "Would publish" if dry_run else "Published"
    lines = (f"{begun} the workspace at {pushed.origin}", *pushed_lines(pushed)[1:])
    return Outcome(lines, pushed_document(pushed))
