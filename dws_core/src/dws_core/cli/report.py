"""`dws report`: one command a report, its options made of the report's settings."""

from typing import Any

import click

from dws_core.cli.opening import open_workspace
from dws_core.cli.options import given_settings, help_of, parameters_of
from dws_core.cli.session import Session
from dws_core.model.report import Report
from dws_core.operations.report import report
from dws_core.plugin.descriptors import ReportDescriptor
from dws_core.plugin.settings import Settings


class _Reports(click.Group):
    """The installed reports; listing them imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*ctx.obj.registry.reports]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        session: Session = ctx.obj
        provided = session.registry.find("report", session.registry.reports, cmd_name)
        declared: type[Settings] = session.registry.load(provided, provided.descriptor.settings)
        return _command(session, provided.descriptor, declared)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        session: Session = ctx.obj
        with formatter.section("Reports"):
            formatter.write_dl([(name, each.descriptor.help) for name, each in session.registry.reports.items()])


command = _Reports(
    name="report",
    help="Show a report on the workspace.",
    epilog="`dws report NAME --help` shows the options of a report.",
    subcommand_metavar="NAME [OPTIONS]",
    no_args_is_help=True,
)


def _command(session: Session, descriptor: ReportDescriptor, declared: type[Settings]) -> click.Command:
    def run(format: str | None, **values: Any) -> Report:
        session.format = format or session.format
        session.registry.find("report format", session.registry.report_formats, session.format)
        if format not in (None, "json") and session.show.as_json:
            raise click.UsageError(f"--json and --format {format} contradict each other")
        return report(open_workspace(session), descriptor.name, given_settings(declared, values, session.ask))

    formats = ", ".join(session.registry.report_formats)
    return click.Command(
        descriptor.name,
        callback=run,
        help=help_of(descriptor.help, declared),
        params=[
            *parameters_of(declared),
            click.Option(["--format"], metavar="FORMAT", help=f"How it is written: {formats}.  [default: text]"),
        ],
    )
