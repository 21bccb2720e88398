"""Every hook, with all that a plugin's author needs to know of it.

A plugin is a package with an entry point in the group `dws` that names a light module; functions there marked with
`hookimpl` are its hooks. The entry point's name is the plugin's name. The module may set `DWS_API_VERSION`, the version of
the hooks it was written for. Hooks are called with keyword arguments; take only those you need.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import pluggy

if TYPE_CHECKING:  # the hooks' modules are imported at every start, and need none of these at run time
    from dws_core.model.resource import Resource
    from dws_core.model.snapshot import Snapshot
    from dws_core.plugin.descriptors import (
        BackendDescriptor,
        KitDescriptor,
        ReportDescriptor,
        ReportFormatDescriptor,
        ResourceTypeDescriptor,
        StepContext,
        StoreDescriptor,
    )
    from dws_core.plugin.view import WorkspaceView

PROJECT = "dws"
API_VERSION = 1

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Commands(Protocol):
    """Where `dws_commands` puts a plugin's own commands."""

    def add(self, name: str, help: str, target: str) -> None:
        """Add `dws NAME`: `target` is the `module:attribute` of a click command, imported when it is used."""
        ...


@hookspec
def dws_resource_types() -> "Sequence[ResourceTypeDescriptor]":  # type: ignore[empty-body]  # a specification has no body
    """Answer the resource types that the plugin brings; each becomes `dws add NAME`."""


@hookspec
def dws_backends() -> "Sequence[BackendDescriptor]":  # type: ignore[empty-body]  # a specification has no body
    """Answer the workspace backends that the plugin brings; each becomes a value of `dws init --backend`."""


@hookspec
def dws_before_snapshot(workspace: "WorkspaceView", resources: "Sequence[Resource]", message: str, tag: str | None) -> None:
    """Look at a snapshot before it is taken. Raising a DwsError refuses it, with nothing changed."""


@hookspec
def dws_after_snapshot(workspace: "WorkspaceView", snapshot: "Snapshot") -> None:
    """Act on a snapshot that has been recorded. A failure is told to the user and changes nothing."""


@hookspec
def dws_before_restore(workspace: "WorkspaceView", snapshot: "Snapshot", resources: "Sequence[Resource]") -> None:
    """Look at a restore before it begins. Raising a DwsError refuses it, with nothing changed."""


@hookspec
def dws_after_restore(workspace: "WorkspaceView", snapshot: "Snapshot", resources: "Sequence[Resource]") -> None:
    """Act on a restore that is done. A failure is told to the user and changes nothing."""


@hookspec
def dws_stores() -> "Sequence[StoreDescriptor]":  # type: ignore[empty-body]  # a specification has no body
    """Answer the kinds of store that the plugin brings, each by the scheme of its URLs, for `dws store add`."""


@hookspec
def dws_before_push(workspace: "WorkspaceView", snapshots: "Sequence[Snapshot]") -> None:
    """Look at a push before it begins, and at the snapshots that nobody has pushed yet. Raising a DwsError refuses it."""


@hookspec
def dws_after_push(workspace: "WorkspaceView", snapshots: "Sequence[Snapshot]") -> None:
    """Act on a push that is done. A failure is told to the user and changes nothing."""


@hookspec
def dws_after_pull(workspace: "WorkspaceView", snapshots: "Sequence[Snapshot]") -> None:
    """Act on a pull that is done, and on the snapshots that it brought. A failure is told to the user and changes nothing."""


@hookspec
def dws_reports() -> "Sequence[ReportDescriptor]":  # type: ignore[empty-body]  # a specification has no body
    """Answer the reports that the plugin brings; each becomes `dws report NAME`."""


@hookspec
def dws_report_formats() -> "Sequence[ReportFormatDescriptor]":  # type: ignore[empty-body]  # a specification has no body
    """Answer the formats that the plugin brings; each becomes a value of `dws report --format`."""


@hookspec
def dws_kits() -> "Sequence[KitDescriptor]":  # type: ignore[empty-body]  # a specification has no body
    """Answer the framework kits that the plugin brings, for `dws plugins list`."""


@hookspec(firstresult=True)
def dws_step_context() -> "StepContext | None":
    """Answer the step that runs, where code runs that is no script (a notebook); None where you do not know.

    The first answer wins.
    """


@hookspec
def dws_commands(cli: Commands) -> None:
    """Add commands to `dws` with `cli.add(name, help, "module:click_command")`."""
