"""`dws log`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.session import Session
from dws_core.model.report import Report
from dws_core.operations.log import log


@click.command()
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show only so many of the newest operations.")
@click.pass_obj
def command(session: Session, limit: int | None) -> Report:
    """List the operations of this clone that can be taken back, oldest first, and whether each is done or undone."""
    return log(open_workspace(session), limit=limit)
