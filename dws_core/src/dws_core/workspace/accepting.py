"""What a stranger's workspace names is contacted, or sent anything, only after this clone accepted it once."""

from collections.abc import Callable
from typing import Any, TypeAlias

from dws_core.errors import OriginNotAcceptedError
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.settings import ORIGINS
from dws_core.workspace.stores import ACCEPTED, accepted_url, stores_of
from dws_core.workspace.workspace import Workspace

May: TypeAlias = Callable[[str], bool]
"""Answers a question to the user, who sees in full what would be contacted."""


def check_accepted(workspace: Workspace, type_: ResourceType[Any], origin: str, may: May) -> None:
    """Ask once whether the origin of a resource may be contacted; OriginNotAcceptedError where it may not."""
    resource = type_.resource
    if workspace.clone_settings.of(ORIGINS).get(resource.id) == origin:
        return
    if not may(f"The resource {resource.name} comes from {origin}. May it be contacted?"):
        raise OriginNotAcceptedError(resource.name, origin)
    workspace.clone_settings.change({(ORIGINS, resource.id): origin})


def accept_stores(workspace: Workspace, may: May) -> bool:
    """Ask once for each store that this clone was not told to use whether it may; tell whether any may from now on."""
    asked = [each for each in stores_of(workspace) if accepted_url(workspace, each) is None]
    accepted = [
        each
        for each in asked
        if may(f"The workspace keeps content in the store {each.name} at {each.url}. May this clone use it?")
    ]
    for store in accepted:
        workspace.clone_settings.change({(ACCEPTED, store.id): store.url})
    return bool(accepted)
