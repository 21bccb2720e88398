"""What this plugin brings: directories of a server, as resources and as stores."""

from collections.abc import Sequence

from dws_core.plugin import StoreDescriptor, hookimpl


@hookimpl
def dws_stores() -> Sequence[StoreDescriptor]:
    return [
        StoreDescriptor(
            name="ssh",
            help="A directory of a server that is reached over ssh: ssh://[USER@]HOST[:PORT]/PATH.",
            implementation="dws_ssh.store:SshStore",
        )
    ]
