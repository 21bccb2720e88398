"""`dws store`: add, list, remove."""

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.model.codec import JsonObject
from dws_core.model.report import Report
from dws_core.operations.store import add_store, list_stores, remove_store


@click.group(no_args_is_help=True)
def command() -> None:
    """Say where content goes when it is pushed, so that others can get it."""


@command.command()
@click.argument("name")
@click.argument("url")
@click.pass_obj
def add(session: Session, name: str, url: str) -> Outcome:
    """Let content go to the store NAME at URL (or at the path of a directory), which is made where it is not there.

    If the workspace knows the store, this clone may use it from now on, at that URL.
    """
    added = add_store(open_workspace(session), name, url)
    what = f"This clone uses the store {added.store.name}" if added.known else f"Added the store {added.store.name}"
    document: JsonObject = {"store": {"id": added.store.id, **added.store.to_json()}, "url": added.url, "known": added.known}
    return Outcome((f"{what} at {added.url}",), document)


@command.command("list")
@click.pass_obj
def show_list(session: Session) -> Report:
    """Show the stores, which of them this clone uses, and how many snapshots each holds."""
    return list_stores(open_workspace(session))


@command.command()
@click.argument("name")
@click.pass_obj
def remove(session: Session, name: str) -> Outcome:
    """Let content go to the store NAME no more; what lies there stays there."""
    removed = remove_store(open_workspace(session), name)
    return Outcome((f"Removed the store {removed.name}; what lies at {removed.url} stays",), {"removed": removed.id})
