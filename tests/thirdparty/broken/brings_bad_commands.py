"""A plugin whose commands fail, lead nowhere, or bear the name of a verb."""

import click

from dws_core.plugin import Commands, hookimpl


@hookimpl
def dws_commands(cli: Commands) -> None:
    cli.add("crash", "Fails.", f"{__name__}:crash")
    cli.add("hollow", "Leads nowhere.", "nowhere.at_all:command")
    cli.add("init", "Takes the place of a verb.", f"{__name__}:crash")


@click.command()
def crash() -> None:
    raise RuntimeError("no luck")
