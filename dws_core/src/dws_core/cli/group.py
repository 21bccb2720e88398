"""The command `dws` itself: its global options and the verbs, each imported when it is used."""

import importlib
from typing import Any

import click

from dws_core.cli.session import Session
from dws_core.cli.verbs import VERBS

FLAGS = {
    "--batch": "Never ask: take the default, or stop and name the option to give.",
    "--verbose": "Say more.",
    "--quiet": "Say nothing but what was asked for, warnings and errors.",
    "--json": "Answer with one JSON document on stdout, errors too.",
    "--no-plugins": "Use no plugin but the built-in ones.",
    "--debug": "Show where an error came from.",
}


class Verbs(click.Group):
    """The verbs and the commands of plugins; listing them imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*VERBS, *(name for name in ctx.obj.registry.commands if name not in VERBS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in VERBS:
            command: click.Command = importlib.import_module(VERBS[cmd_name][0]).command
            return command
        session: Session = ctx.obj
        provided = session.registry.commands.get(cmd_name)
        if provided is None:
            return None
        session.plugin = provided.plugin
        found: click.Command = session.registry.load(provided, provided.descriptor.target)
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            ctx.fail(f"there is no command {name!r}; there are: {', '.join(self.list_commands(ctx))}")
        return name, command, args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in VERBS.items()])
        others = {name: each for name, each in ctx.obj.registry.commands.items() if name not in VERBS}
        if others:
            with formatter.section("Commands of plugins"):
                formatter.write_dl([(name, f"{each.descriptor.help} ({each.plugin.name})") for name, each in others.items()])


def _set_directory(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    session: Session = ctx.obj
    session.workspace_dir = value


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        session: Session = ctx.obj
        versions = [plugin.version for plugin in session.registry.plugins if plugin.builtin]
        session.show.text(f"dws {versions[0] if versions else 'unknown'}\n")
        ctx.exit()


def _options() -> list[click.Parameter]:
    # What the flags mean is decided before the command line is parsed, so that a mistake in it is told in the right form.
    flags: list[click.Parameter] = [click.Option([flag], is_flag=True, expose_value=False, help=FLAGS[flag]) for flag in FLAGS]
    directory: dict[str, Any] = {"expose_value": False, "callback": _set_directory, "metavar": "DIR"}
    version: dict[str, Any] = {"is_flag": True, "is_eager": True, "expose_value": False, "callback": _show_version}
    return [
        *flags,
        click.Option(["--workspace-dir"], help="Work on the workspace at DIR instead of the one here.", **directory),
        click.Option(["--version"], help="Show the version and exit.", **version),
    ]


group = Verbs(
    name="dws",
    params=_options(),
    no_args_is_help=True,
    help="Data Workspaces: traceable, repeatable results for data science projects.",
    epilog="`dws COMMAND --help` tells more of a command.",
    context_settings={"help_option_names": ["--help", "-h"]},
)
