"""Write docs/commands.md from the declarations of the command line, as the core and our own plugins make them.

python docs/commands.py writes the page.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

import click
from importlib_metadata import entry_points

from dws_core.cli.ask import Ask
from dws_core.cli.group import group
from dws_core.cli.session import Session
from dws_core.cli.show import Show
from dws_core.registry import Registry

PAGE = Path(__file__).with_name("commands.md")
HEAD = """# Commands

Made from the program's own declarations by `nox -s docs`; in a terminal, `dws COMMAND --help` says the same.

Exit status: 0 done; 1 it could not be done (what, why and the next step are on stderr); 2 the command was not understood, or an
answer is missing. With `--json`, stdout holds one JSON document and nothing else, errors included.

"""


def page() -> str:
    """Build the page."""
    session = Session(Show(as_json=False, quiet=True, verbose=False), Ask(batch=True))
    # Put where the session keeps what it finds: what somebody else's plugins add is no matter of this page.
    session.__dict__["registry"] = Registry.discover({}, disabled=_strangers())
    with click.Context(group, info_name="dws", obj=session, resilient_parsing=True, **group.context_settings) as context:
        return HEAD + "\n".join(_described(group, context)).rstrip() + "\n"


def _strangers() -> frozenset[str]:
    folders = Path(__file__).parents[1].glob("plugins/*/pyproject.toml")
    ours = {"dws-core", *(path.parent.name.replace("_", "-") for path in folders)}
    return frozenset(entry.name for entry in entry_points(group="dws") if entry.dist is None or entry.dist.name not in ours)


def _described(command: click.Command, context: click.Context) -> Iterator[str]:
    """Describe a command, then every command below it."""
    yield from [f"## `{context.command_path}`", "", *map(_paragraph, inspect.cleandoc(command.help or "").split("\n\n"))]
    yield from ["```", command.get_usage(context).removeprefix("Usage: "), "```", ""]
    given = (each.get_help_record(context) for each in command.get_params(context))
    records = [record for record in given if record and record[1]]
    if records:
        yield from ["| option | |", "|---|---|", *(f"| `{option}` | {_cell(help)} |" for option, help in records), ""]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                with click.Context(below, info_name=name, parent=context, resilient_parsing=True) as inner:
                    yield from _described(below, inner)


def _paragraph(text: str) -> str:
    """Keep the lines of a paragraph that click is told to keep."""
    kept = text.removeprefix("\b\n")
    return f"```\n{kept}\n```\n" if kept != text else f"{text}\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
