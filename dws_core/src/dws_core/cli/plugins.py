"""`dws plugins`: list, disable, enable, doctor."""

import click

from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.model.report import Report
from dws_core.operations.plugins import diagnose_plugins, disable_plugins, enable_plugins, list_plugins


@click.group(no_args_is_help=True)
def command() -> None:
    """Show the installed plugins, switch them off and on."""


@command.command("list", short_help="Show what is installed.")
@click.pass_obj
def show_list(session: Session) -> Report:
    """Show what is installed, from which distribution, what it gives and what is wrong with it."""
    return list_plugins(session.registry)


@command.command(short_help="Never import plugins again.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.pass_obj
def disable(session: Session, names: tuple[str, ...]) -> Outcome:
    """Never import these plugins again, in any workspace of yours, until they are enabled."""
    disabled = disable_plugins(session.registry, session.environ, names)
    return Outcome(tuple(f"Disabled plugin {name}" for name in names), {"disabled": [*disabled]})


@command.command()
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.pass_obj
def enable(session: Session, names: tuple[str, ...]) -> Outcome:
    """Use these plugins again."""
    disabled, remarks = enable_plugins(session.registry, session.environ, names)
    lines = (*(f"Enabled plugin {name}" for name in names), *remarks)
    return Outcome(lines, {"disabled": [*disabled], "remarks": [*remarks]})


@command.command()
@click.pass_obj
def doctor(session: Session) -> Report:
    """Import everything that each plugin brings, and show what fails."""
    return diagnose_plugins(session.registry)
