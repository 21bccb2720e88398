"""What this plugin brings: directories as stores."""

from collections.abc import Sequence

from dws_core.plugin import StoreDescriptor, hookimpl


@hookimpl
def dws_stores() -> Sequence[StoreDescriptor]:
    return [
        StoreDescriptor(
            name="file",
            help="A directory of this machine, or of a share that is mounted.",
            implementation="dws_core.builtin.directory_store.store:DirectoryStore",
            local=True,
        )
    ]
