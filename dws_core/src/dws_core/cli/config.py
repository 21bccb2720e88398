"""`dws config`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.session import Session
from dws_core.model.report import Report
from dws_core.operations.config import config


@click.command()
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.option("--resource", metavar="R", help="Show or change the settings of this resource, not of the workspace.")
@click.pass_obj
def command(session: Session, name: str | None, value: str | None, resource: str | None) -> Report:
    """Show all settings, show the setting NAME, or give it a VALUE."""
    return config(open_workspace(session), resource=resource, name=name, value=value)
