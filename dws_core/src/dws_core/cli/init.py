"""`dws init`."""

from typing import Any

import click

from dws_core.cli.opening import caller_of, start_of
from dws_core.cli.options import Names, parameters_of
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.errors import UnknownNameError
from dws_core.model.role import Role
from dws_core.operations.init import init
from dws_core.plugin.settings import Settings

_OWN = ("hostname", "scratch_directory")


class _Roles(Names):
    name = "ROLES"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        named = super().convert(value, param, ctx)
        if named == ("all",):
            return tuple(Role)
        try:
            return tuple(Role.of(each) for each in named)
        except UnknownNameError as error:
            self.fail(f"{error.message} ({error.hint}, or all)", param, ctx)


class _Init(click.Command):
    """Offers what the installed backends let a user set, beside what is the same for all."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        of_backends = {option.name: option for declared in _declared(ctx.obj) for option in parameters_of(declared)}
        return [*self.params, *of_backends.values(), *filter(None, [self.get_help_option(ctx)])]


def _declared(session: Session) -> list[type[Settings]]:
    registry = session.registry
    return [registry.load(provided, provided.descriptor.settings) for provided in registry.backends.values()]


@click.command(cls=_Init)
@click.argument("name", required=False)
@click.option(
    "--create-resources", type=_Roles(), default=(), help="Make a resource for each role: all, or some as in code,results."
)
@click.option("--hostname", help="What this clone calls its machine, in the names of results; else the machine's name.")
@click.option("--scratch-directory", metavar="DIR", help="Where this clone keeps large temporary files.")
@click.option("--backend", help="What keeps the history of the metadata; else the best that is installed.")
@click.pass_obj
def command(
    session: Session,
    /,
    name: str | None,
    create_resources: tuple[Role, ...],
    backend: str | None,
    **values: Any,
) -> Outcome:
    """Make a new workspace in the current directory, called NAME or like the directory.

    \b
    The roles are source-data, intermediate-data, code and results; first letters suffice:
      dws init --create-resources code,results
    """
    caller = caller_of(session)
    given = {key: value for key, value in values.items() if value is not None}
    workspace = init(
        start_of(session, caller),
        session.registry,
        caller,
        session.progress,
        name=name,
        roles=create_resources,
        own={key: value for key, value in given.items() if key in _OWN},
        backend=backend,
        given={key: value for key, value in given.items() if key not in _OWN},
    )
    resources = workspace.resources
    lines = [f"Made the workspace {workspace.name} in {workspace.root}"]
    lines += [f"Added the resource {each.name} ({each.type}, {each.role})" for each in resources]
    return Outcome(
        tuple(lines),
        {
            "workspace": {"name": workspace.name, "root": str(workspace.root), "backend": workspace.description.backend},
            "resources": [{"id": each.id, **each.to_json()} for each in resources],
        },
    )
