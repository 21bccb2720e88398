"""What a stranger's workspace names is contacted only after this clone accepted it once."""

from collections.abc import Callable
from typing import Any, TypeAlias

from dws_core.errors import OriginNotAcceptedError
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.workspace import Workspace

May: TypeAlias = Callable[[str], bool]
"""Answers a question to the user, who sees in full what would be contacted."""

_ACCEPTED = "origins"


def check_accepted(workspace: Workspace, type_: ResourceType[Any], origin: str, may: May) -> None:
    """Ask once whether the origin of a resource may be contacted; OriginNotAcceptedError where it may not."""
    resource = type_.resource
    if workspace.clone_settings.of(_ACCEPTED).get(resource.id) == origin:
        return
    if not may(f"The resource {resource.name} comes from {origin}. May it be contacted?"):
        raise OriginNotAcceptedError(resource.name, origin)
    workspace.clone_settings.change({(_ACCEPTED, resource.id): origin})
