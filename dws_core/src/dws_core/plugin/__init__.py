"""The contract: all that a plugin may import, besides `dws_core.model` and `dws_core.errors`.

Names are resolved on first use, so that a plugin's hooks, which are imported at every start, cost only what they name.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dws_core.plugin.backend import Backend, Commit, Incoming
    from dws_core.plugin.context import Context, Progress
    from dws_core.plugin.descriptors import (
        BackendDescriptor,
        Capability,
        KitDescriptor,
        ReportDescriptor,
        ReportFormatDescriptor,
        ResourceTypeDescriptor,
        StepContext,
        StoreDescriptor,
    )
    from dws_core.plugin.directory import DirectoryResourceType
    from dws_core.plugin.directory_files import DirectoryFiles
    from dws_core.plugin.files import FileInfo, Files
    from dws_core.plugin.hookspecs import API_VERSION, Commands, hookimpl
    from dws_core.plugin.listed import ListedResourceType
    from dws_core.plugin.listed_files import ListedFiles
    from dws_core.plugin.listed_rows import Listed
    from dws_core.plugin.movement import Identity, move_results, results_moves
    from dws_core.plugin.notes import Note, View
    from dws_core.plugin.objects import Entry, EntryKind, Objects
    from dws_core.plugin.reading_ahead import read_ahead
    from dws_core.plugin.report import ReportFormat, ReportType
    from dws_core.plugin.resource_type import Proposal, ResourceType, ResultsMove, Standing
    from dws_core.plugin.settings import NoSettings, Scope, Settings, setting
    from dws_core.plugin.store import Kept, Store, StoreContext
    from dws_core.plugin.tree_files import TreeFiles
    from dws_core.plugin.view import WorkspaceView
    from dws_core.plugin.viewing import view_of

__all__ = [
    "API_VERSION",
    "Backend",
    "BackendDescriptor",
    "Capability",
    "Commands",
    "Commit",
    "Context",
    "DirectoryFiles",
    "DirectoryResourceType",
    "Entry",
    "EntryKind",
    "FileInfo",
    "Files",
    "Identity",
    "Incoming",
    "Kept",
    "KitDescriptor",
    "Listed",
    "ListedFiles",
    "ListedResourceType",
    "NoSettings",
    "Note",
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
    "Standing",
    "StepContext",
    "Store",
    "StoreContext",
    "StoreDescriptor",
    "TreeFiles",
    "View",
    "WorkspaceView",
    "hookimpl",
    "move_results",
    "read_ahead",
    "results_moves",
    "setting",
    "view_of",
]

_HOMES = {
    "API_VERSION": "hookspecs",
    "Backend": "backend",
    "BackendDescriptor": "descriptors",
    "Capability": "descriptors",
    "Commands": "hookspecs",
    "Commit": "backend",
    "Context": "context",
    "DirectoryFiles": "directory_files",
    "DirectoryResourceType": "directory",
    "Entry": "objects",
    "EntryKind": "objects",
    "FileInfo": "files",
    "Files": "files",
    "Identity": "movement",
    "Incoming": "backend",
    "Kept": "store",
    "KitDescriptor": "descriptors",
    "Listed": "listed_rows",
    "ListedFiles": "listed_files",
    "ListedResourceType": "listed",
    "NoSettings": "settings",
    "Note": "notes",
    "Objects": "objects",
    "Progress": "context",
    "Proposal": "resource_type",
    "ReportDescriptor": "descriptors",
    "ReportFormat": "report",
    "ReportFormatDescriptor": "descriptors",
    "ReportType": "report",
    "ResourceType": "resource_type",
    "ResourceTypeDescriptor": "descriptors",
    "ResultsMove": "resource_type",
    "Scope": "settings",
    "Settings": "settings",
    "Standing": "resource_type",
    "StepContext": "descriptors",
    "Store": "store",
    "StoreContext": "store",
    "StoreDescriptor": "descriptors",
    "TreeFiles": "tree_files",
    "View": "notes",
    "WorkspaceView": "view",
    "hookimpl": "hookspecs",
    "move_results": "movement",
    "read_ahead": "reading_ahead",
    "results_moves": "movement",
    "setting": "settings",
    "view_of": "viewing",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
