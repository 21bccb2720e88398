"""`dws clone`."""

from typing import Any

import click

from dws_core.cli.exchanges import arrived_lines, choosing, many, pulled_document
from dws_core.cli.opening import caller_of, start_of
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.model.codec import JsonObject
from dws_core.operations.clone import Cloned, Wish, clone
from dws_core.workspace import Choice, suggest_name


class _Places(click.ParamType[Any]):
    name = "NAME=DIR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        name, equals, place = value.partition("=")
        if not (name and equals and place):
            self.fail(f"{value!r} is not NAME=DIR", param, ctx)
        return name, place


@click.command()
@click.argument("url")
@click.argument("directory", required=False, metavar="[DIR]")
@click.option("--hostname", help="What this clone calls its machine; else the machine's name and four digits of the clone's id.")
@click.option("--place", "places", type=_Places(), multiple=True, help="Let the resource NAME lie in DIR; may be given again.")
@click.option("--accept", is_flag=True, help="Use the origins and stores that the workspace names, without asking.")
@click.option("--backend", help="What keeps the workspace's history; else the best that is installed.")
@click.option("--dry-run", is_flag=True, help="Show what would come, and keep nothing.")
@choosing
@click.pass_obj
def command(
    session: Session,
    url: str,
    directory: str | None,
    hostname: str | None,
    choice: Choice,
    places: tuple[tuple[str, str], ...],
    accept: bool,
    backend: str | None,
    dry_run: bool,
) -> Outcome:
    """Copy the workspace at URL to DIR (else to a directory like it, here), with its resources and its newest content.

    What cannot be got is listed with the reason, and left for `dws pull`.
    """
    caller = caller_of(session)
    start = start_of(session, caller)
    if hostname is None and not dry_run:
        hostname = session.ask.wish(f"what this clone calls its machine (nothing: {caller.host} and four digits)")
    cloned = clone(
        url,
        caller.place(directory or suggest_name(_last_part(url)), start),
        session.registry,
        caller,
        session.progress,
        Wish(hostname, choice, {name: caller.place(place, start).resolve() for name, place in places}, dry_run),
        backend=backend,
        may=session.may(accept=accept),
    )
    facts: JsonObject = {"name": cloned.name, "root": str(cloned.root), "hostname": cloned.hostname}
    return Outcome(_lines(cloned), {**pulled_document(cloned.pulled), "workspace": facts, "history": cloned.snapshots})


def _lines(cloned: Cloned) -> tuple[str, ...]:
    if not cloned.pulled.done:
        return (
            f"Would clone the workspace {cloned.name} to {cloned.root}, with {many(cloned.snapshots, 'snapshot')}",
            *arrived_lines(cloned.pulled),
        )
    return (
        f"Cloned the workspace {cloned.name} to {cloned.root}, with {many(cloned.snapshots, 'snapshot')}",
        f"This clone calls its machine {cloned.hostname}",
        *arrived_lines(cloned.pulled),
    )


def _last_part(url: str) -> str:
    """Name a clone like what it is of: `https://host/a/b.git` gives `b`."""
    return url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git")
