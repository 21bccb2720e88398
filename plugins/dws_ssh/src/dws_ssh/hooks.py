"""What this plugin brings: directories of a server, as resources and as stores."""

from collections.abc import Sequence

from dws_core.model.role import Role
from dws_core.plugin import Capability, ResourceTypeDescriptor, StoreDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [
        ResourceTypeDescriptor(
            name="ssh",
            help="A directory of a server that is reached over ssh; its content is kept by the workspace as well.",
            implementation="dws_ssh.resource_type:SshDirectory",
            settings="dws_ssh.settings:SshSettings",
            capabilities=frozenset({Capability.RESTORABLE, Capability.REMOTE, Capability.HOLDS_RESULTS}),
        ),
        ResourceTypeDescriptor(
            name="ssh-copy",
            help="A directory of this machine that is a copy of one on a server: `dws add ssh --local-path`.",
            implementation="dws_ssh.copy_type:SshCopy",
            settings="dws_ssh.settings:SshSettings",
            capabilities=frozenset({Capability.RESTORABLE, Capability.LOCAL_PATH, Capability.ORIGIN}),
            roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA, Role.CODE),
        ),
        ResourceTypeDescriptor(
            name="ssh-listed",
            help="A directory of a server of which only a listing with hashes is recorded: `dws add ssh --in-place`.",
            implementation="dws_ssh.listed_type:SshListed",
            settings="dws_ssh.settings:SshSettings",
            capabilities=frozenset({Capability.REMOTE}),
            roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA, Role.CODE),
        ),
    ]


@hookimpl
def dws_stores() -> Sequence[StoreDescriptor]:
    return [
        StoreDescriptor(
            name="ssh",
            help="A directory of a server that is reached over ssh: ssh://[USER@]HOST[:PORT]/PATH.",
            implementation="dws_ssh.store:SshStore",
        )
    ]
