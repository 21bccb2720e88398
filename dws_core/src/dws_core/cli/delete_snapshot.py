"""`dws delete-snapshot`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.operations.delete_snapshot import delete_snapshot


@click.command()
@click.argument("snapshot", metavar="TAG_OR_HASH")
@click.pass_obj
def command(session: Session, snapshot: str) -> Outcome:
    """Take the snapshot with that tag or hash out of the history; its results stay where they are."""
    workspace = open_workspace(session)
    deleted = delete_snapshot(workspace, snapshot)
    names = {resource.id: resource.name for resource in workspace.resources}
    kept = [f"{names.get(key, key)}:/{directory}" for key, directory in deleted.results.items()]
    lines = [f"Deleted snapshot {deleted.label}", *(f"Its results stay in {place}" for place in kept)]
    return Outcome(tuple(lines), {"deleted": deleted.id, "tags": [*deleted.tags], "results": [*kept]})
