"""What this plugin brings: directories of a server, as resources and as stores."""

from collections.abc import Sequence

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
        )
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
