"""What this plugin brings: two resource types and a backend."""

from collections.abc import Sequence

from dws_core.model.role import Role
from dws_core.plugin import BackendDescriptor, Capability, ResourceTypeDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [
        ResourceTypeDescriptor(
            name="git",
            help="A git repository of its own, with what is not committed yet.",
            implementation="dws_git.resource_type:GitResource",
            settings="dws_git.settings:GitSettings",
            capabilities=frozenset({Capability.RESTORABLE, Capability.LOCAL_PATH, Capability.LOOSE_VERSIONS, Capability.ORIGIN}),
            roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA, Role.CODE),
        ),
        ResourceTypeDescriptor(
            name="git-subdirectory",
            help="A directory of the workspace's own git repository.",
            implementation="dws_git.subdirectory:GitSubdirectory",
            settings="dws_git.settings:GitSubdirectorySettings",
            capabilities=frozenset(
                {Capability.RESTORABLE, Capability.HOLDS_RESULTS, Capability.LOCAL_PATH, Capability.IN_HISTORY}
            ),
        ),
    ]


@hookimpl
def dws_backends() -> Sequence[BackendDescriptor]:
    return [
        BackendDescriptor(
            name="git",
            help="Keep the metadata, and the directories beside it, in a git repository.",
            implementation="dws_git.backend:GitBackend",
            resource_type="git-subdirectory",
            preference=100,
            shares=True,
            settings="dws_git.settings:GitBackendSettings",
        )
    ]
