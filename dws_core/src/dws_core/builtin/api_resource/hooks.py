"""What this plugin brings: the resource type api-resource."""

from collections.abc import Sequence

from dws_core.model.role import Role
from dws_core.plugin import Capability, ResourceTypeDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [
        ResourceTypeDescriptor(
            name="api-resource",
            help="Data without files here, read through an API: its version is given by you or by a lineage step.",
            implementation="dws_core.builtin.api_resource.resource_type:ApiResource",
            settings="dws_core.builtin.api_resource.settings:ApiResourceSettings",
            capabilities=frozenset({Capability.DECLARED}),
            roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA),
        )
    ]
