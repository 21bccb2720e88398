"""`dws add`: one command a resource type, its options made of the type's settings."""

from typing import Any

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.options import given_settings, help_of, parameters_of
from dws_core.cli.outcome import Outcome
from dws_core.cli.session import Session
from dws_core.errors import PathOutsideError
from dws_core.model.codec import Json
from dws_core.model.passing import Passing
from dws_core.model.role import Role
from dws_core.operations.add import Added, add
from dws_core.plugin.descriptors import Capability, ResourceTypeDescriptor
from dws_core.plugin.settings import Settings
from dws_core.workspace import Workspace


class _Types(click.Group):
    """The installed resource types; listing them imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*ctx.obj.registry.resource_types]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        session: Session = ctx.obj
        provided = session.registry.resource_type(cmd_name)
        declared: type[Settings] = session.registry.load(provided, provided.descriptor.settings)
        return _command(session, provided.descriptor, declared)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        session: Session = ctx.obj
        with formatter.section("Types"):
            formatter.write_dl([(name, each.descriptor.help) for name, each in session.registry.resource_types.items()])


command = _Types(
    name="add",
    help="Add a resource to the workspace.",
    epilog="`dws add TYPE --help` shows the options of a type.",
    subcommand_metavar="TYPE [OPTIONS] [ARGS]...",
    no_args_is_help=True,
)


def _command(session: Session, descriptor: ResourceTypeDescriptor, declared: type[Settings]) -> click.Command:
    holds_results = Capability.HOLDS_RESULTS in descriptor.capabilities
    has_directory = Capability.LOCAL_PATH in descriptor.capabilities
    roles = [role.value for role in descriptor.roles if role is not Role.RESULTS or holds_results]

    def run(role: str | None, name: str | None, allow_outside: bool, **values: Any) -> Outcome:
        passing = _passing(values)
        workspace = open_workspace(session)
        given = given_settings(declared, values, session.ask)
        only = passing.roles[0].value if len(passing.roles) == 1 else None
        chosen = Role.of(role or only or session.ask.choice("the role of the resource", "--role", roles))
        added = _add(session, workspace, descriptor.name, given, chosen, name, passing, allow_outside=allow_outside)
        resource = added.resource
        line = f"Added the resource {resource.name} ({resource.type}, {resource.role})"
        document: dict[str, Json] = {"resource": {"id": resource.id, **resource.to_json()}, "remarks": [*added.remarks]}
        return Outcome((line, *added.remarks), document)

    return click.Command(
        descriptor.name,
        callback=run,
        help=help_of(descriptor.help, declared),
        params=[
            *parameters_of(declared),
            click.Option(
                ["--role"], metavar="ROLE", help=f"What it is to the project: {', '.join(roles)} (first letters suffice)."
            ),
            click.Option(["--name"], help="What it is called in this workspace; else like what is added."),
            click.Option(
                ["--allow-outside"], is_flag=True, help="Allow a path outside the workspace; it is for this clone alone."
            ),
            *(_passing_options() if has_directory else ()),
        ],
    )


def _passing_options() -> list[click.Option]:
    helps = {
        Passing.EXPORT: "Write its lineage to lineage.json in it with each snapshot, for other workspaces.",
        Passing.IMPORTED: "Carry on the lineage that came with it from another workspace; it is source data, and read only.",
    }
    return [click.Option([f"--{each.value}", _value_of(each)], is_flag=True, help=text) for each, text in helps.items()]


def _value_of(passing: Passing) -> str:
    return f"passing_{passing.value}"


def _passing(values: dict[str, Any]) -> Passing:
    """Take out of the values of options what they say of lineage."""
    given = [each for each in Passing if values.pop(_value_of(each), False)]
    if len(given) > 1:
        raise click.UsageError("--export and --imported exclude each other")
    return given[0] if given else Passing.NOTHING


def _add(
    session: Session,
    workspace: Workspace,
    type_name: str,
    given: dict[str, Json],
    role: Role,
    name: str | None,
    passing: Passing,
    *,
    allow_outside: bool,
) -> Added:
    try:
        return add(workspace, type_name, given, role=role, name=name, allow_outside=allow_outside, passing=passing)
    except PathOutsideError as error:
        if not session.ask.confirm(f"{error.message}. Add it for this clone alone?"):
            raise
        return add(workspace, type_name, given, role=role, name=name, allow_outside=True, passing=passing)
