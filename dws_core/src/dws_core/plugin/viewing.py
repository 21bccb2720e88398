"""Tells of a resource that is seen as it was at a snapshot, whatever lies there now."""

from contextlib import suppress

from dws_core.errors import DwsError
from dws_core.model.resource import Resource
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.view import WorkspaceView


def view_of(workspace: WorkspaceView, resource: Resource) -> str:
    """Name the snapshot as in which a resource is seen (its version, where it is in none); "" where it is seen as it is now."""
    if Capability.REMOTE not in workspace.capabilities(resource):
        return ""
    with suppress(DwsError):
        version = workspace.open_resource(resource).view
        if version is not None:
            of_it = (each for each in reversed(workspace.snapshots()) if each.versions.get(resource.id) == version)
            found = next(of_it, None)
            return f"snapshot {found.label}" if found else f"version {version.short}"
    return ""
