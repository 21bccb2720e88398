"""The contract: all that a plugin may import, besides `dws_core.model` and `dws_core.errors`."""

from dws_core.plugin.backend import Backend, BackendDescriptor, Commit
from dws_core.plugin.context import Context, Progress, WorkspaceView
from dws_core.plugin.hookspecs import API_VERSION, Commands, hookimpl
from dws_core.plugin.kit import KitDescriptor, StepContext
from dws_core.plugin.objects import Entry, EntryKind, Objects
from dws_core.plugin.report import ReportDescriptor, ReportFormat, ReportFormatDescriptor, ReportType
from dws_core.plugin.resource_type import (
    Capability,
    Proposal,
    ResourceType,
    ResourceTypeDescriptor,
    ResultsMove,
)
from dws_core.plugin.settings import NoSettings, Scope, Settings, setting

__all__ = [
    "API_VERSION",
    "Backend",
    "BackendDescriptor",
    "Capability",
    "Commands",
    "Commit",
    "Context",
    "Entry",
    "EntryKind",
    "KitDescriptor",
    "NoSettings",
    "Objects",
    "Progress",
    "Proposal",
    "ReportDescriptor",
    "ReportFormat",
    "ReportFormatDescriptor",
    "ReportType",
    "ResourceType",
    "ResourceTypeDescriptor",
    "ResultsMove",
    "Scope",
    "Settings",
    "StepContext",
    "WorkspaceView",
    "hookimpl",
    "setting",
]
