"""Data Workspaces: the public library.

Names are resolved on first use, so that importing the package costs nothing.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dws_core.errors import DwsError
    from dws_core.files import filesystem
    from dws_core.lineage import LineageBuilder, RunningStep, find_workspace
    from dws_core.model.role import Role
    from dws_core.model.step import ResourceRef
    from dws_core.workspace import Workspace

__all__ = [
    "DwsError",
    "LineageBuilder",
    "ResourceRef",
    "Role",
    "RunningStep",
    "Workspace",
    "filesystem",
    "find_workspace",
]

_HOMES = {
    "DwsError": "errors",
    "LineageBuilder": "lineage",
    "ResourceRef": "model.step",
    "Role": "model.role",
    "RunningStep": "lineage",
    "Workspace": "workspace",
    "filesystem": "files",
    "find_workspace": "lineage",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
