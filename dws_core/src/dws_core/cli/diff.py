"""`dws diff`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.session import Session
from dws_core.model.report import Report
from dws_core.operations.diff import diff


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.pass_obj
def command(session: Session, first: str, second: str) -> Report:
    """Show what differs from snapshot A to snapshot B (tags or hashes): files, parameters and metrics."""
    return diff(open_workspace(session), first, second)
