"""`dws snapshot`."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.options import Names
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.operations.snapshot import Taken, snapshot


@click.command()
@click.argument("tag", required=False)
@click.option("-m", "--message", default="", metavar="MSG", help="What the snapshot is about.")
@click.option("--leave", type=Names(), default=(), help="Do not look at these resources: carry over their last version.")
@click.pass_obj
def command(session: Session, tag: str | None, message: str, leave: tuple[str, ...]) -> Outcome:
    """Record the exact version of every resource, under the name TAG if one is given.

    The files of results resources then move to a directory of the snapshot, beside its lineage.
    """
    workspace = open_workspace(session)
    taken = snapshot(workspace, tag, message, leave=leave)
    if taken.snapshot is None:
        line = "Nothing has changed since the last snapshot, so none was taken (give a tag or a message to take one all the same)"
        return Outcome((line, *taken.remarks), {"snapshot": None, "moved": {}, "remarks": [*taken.remarks]})
    names = {resource.id: resource.name for resource in workspace.resources}
    versions = taken.snapshot.versions.items()
    return Outcome(
        _lines(taken),
        {
            "snapshot": {"id": taken.snapshot.id, **taken.snapshot.to_json()},
            "moved": dict(taken.moved),
            "remarks": [*taken.remarks],
        },
        details=tuple(f"{names.get(identity, identity)}: {version.id}" for identity, version in versions),
    )


def _lines(taken: Taken) -> tuple[str, ...]:
    if taken.snapshot is None:
        return ()
    tag = f" {taken.snapshot.tags[0]}" if taken.snapshot.tags else ""
    moved = [f"The files of {name} moved to {name}:/{directory}" for name, directory in taken.moved.items()]
    return (f"Took snapshot{tag} ({taken.snapshot.short})", *moved, *taken.remarks)
