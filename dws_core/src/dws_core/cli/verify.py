"""`dws verify`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Finding
from dws_core.cli.session import Session
from dws_core.operations.verify import verify


@click.command()
@click.argument("resource", nargs=-1)
@click.option("--repair", is_flag=True, help="Mend what can be mended; what is damaged is moved aside, never deleted.")
@click.pass_obj
def command(session: Session, resource: tuple[str, ...], repair: bool) -> Finding:
    """Check every record and every stored byte; tell what is damaged, which snapshots it affects, and what to do.

    With names of resources, check of these alone, and without reading it through, that what their snapshots need is there.
    Exit status 1 says that there is damage, or that some is left. Lost content is looked for in the resources as they are
    now and in the stores, lost records in the workspace's own history.
    """
    if resource and repair:
        raise click.UsageError("--repair is for everything: name no resource with it")
    verified = verify(open_workspace(session), resource, repair=repair)
    return Finding(verified.report, verified.sound)
