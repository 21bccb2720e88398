"""Add a resource to a workspace."""

from collections.abc import Mapping
from dataclasses import dataclass

from dws_core.model.codec import Json
from dws_core.model.passing import Passing
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.workspace import Workspace, add_resource, changing, prepare_addition


@dataclass(frozen=True)
class Added:
    """The resource as it was recorded, and what its type has to say about it."""

    resource: Resource
    remarks: tuple[str, ...]


def add(
    workspace: Workspace,
    type_name: str,
    given: Mapping[str, Json],
    *,
    role: Role,
    name: str | None = None,
    allow_outside: bool = False,
    passing: Passing = Passing.NOTHING,
) -> Added:
    """Record a resource of a type with the settings `given`; paths are taken from where the caller stands."""
    with changing(workspace, "add") as operation:
        workspace.backend.check()
        addition = prepare_addition(workspace, type_name, given, role, name=name, allow_outside=allow_outside, passing=passing)
        (resource,) = add_resource(workspace, operation, [addition], f"Add the resource {addition.resource.name}")
    return Added(resource, addition.remarks)
