"""What this plugin brings: remotes of rclone as resources, and as stores."""

from collections.abc import Sequence

from dws_core.model.role import Role
from dws_core.plugin import Capability, ResourceTypeDescriptor, StoreDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [
        ResourceTypeDescriptor(
            name="rclone",
            help="A directory of this machine, copied from or to a remote of rclone; every version can be restored.",
            implementation="dws_rclone.resource_type:RcloneResource",
            settings="dws_rclone.settings:RcloneSettings",
            capabilities=frozenset({Capability.RESTORABLE, Capability.HOLDS_RESULTS, Capability.LOCAL_PATH, Capability.ORIGIN}),
        ),
        ResourceTypeDescriptor(
            name="rclone-listed",
            help="A remote of rclone of which only a listing with checksums is recorded: `dws add rclone --no-local`.",
            implementation="dws_rclone.listed_type:RcloneListed",
            settings="dws_rclone.settings:RcloneSettings",
            capabilities=frozenset({Capability.REMOTE}),
            roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA, Role.CODE),
        ),
    ]


@hookimpl
def dws_stores() -> Sequence[StoreDescriptor]:
    return [
        StoreDescriptor(
            name="rclone",
            help="A directory of a remote of rclone: rclone:REMOTE:PATH.",
            implementation="dws_rclone.store:RcloneStore",
        )
    ]
