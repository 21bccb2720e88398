"""Keeps the directories of resources out of the history of the workspace, for as long as they are resources."""

from contextlib import suppress

from dws_core.errors import DwsError
from dws_core.model.resource import Resource
from dws_core.model.undo import State
from dws_core.plugin.descriptors import Capability
from dws_core.workspace.workspace import Workspace


def hide_or_show(workspace: Workspace, state: State) -> None:
    """Hide the directories of resources that a state adds, and show those of the ones that it takes out; may be done again."""
    for (kind, identity), there in state.there.items():
        if kind != "resources":
            continue
        path = _path_in_history(workspace, workspace.all_resources[identity])
        if path is not None and there:
            workspace.backend.hide(path)
        elif path is not None:
            workspace.backend.show(path)


def _path_in_history(workspace: Workspace, resource: Resource) -> str | None:
    """Give the path of a directory that the history would carry though it is a resource of its own."""
    if Capability.IN_HISTORY in workspace.capabilities(resource):
        return None
    with suppress(DwsError):  # of a resource that cannot be opened here, nothing is known
        place = workspace.open_resource(resource).local_path
        if place is not None and place.resolve().is_relative_to(workspace.root):
            return place.resolve().relative_to(workspace.root).as_posix()
    return None
