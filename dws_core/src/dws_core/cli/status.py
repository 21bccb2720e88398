"""`dws status`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.session import Session
from dws_core.model.report import Report
from dws_core.operations.status import status


@click.command()
@click.pass_obj
def command(session: Session) -> Report:
    """Compare each resource with the last snapshot; `dws report status` shows how resources are defined."""
    return status(open_workspace(session))
