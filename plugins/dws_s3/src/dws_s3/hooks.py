"""What this plugin brings: buckets as resources, and as stores."""

from collections.abc import Sequence

from dws_core.model.role import Role
from dws_core.plugin import Capability, ResourceTypeDescriptor, StoreDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [
        ResourceTypeDescriptor(
            name="s3",
            help="A bucket that keeps versions, or a directory of one, recorded where it lies.",
            implementation="dws_s3.resource_type:S3Resource",
            settings="dws_s3.settings:S3Settings",
            capabilities=frozenset(
                {Capability.RESTORABLE, Capability.HOLDS_RESULTS, Capability.LOOSE_VERSIONS, Capability.REMOTE}
            ),
        ),
        ResourceTypeDescriptor(
            name="s3-copied",
            help="A bucket, or a directory of one, of which the workspace keeps a copy of every version: `s3 --copy`.",
            implementation="dws_s3.copied.resource_type:CopiedResource",
            settings="dws_s3.settings:S3Settings",
            capabilities=frozenset({Capability.RESTORABLE, Capability.REMOTE}),
            roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA, Role.CODE),
        ),
    ]


@hookimpl
def dws_stores() -> Sequence[StoreDescriptor]:
    return [
        StoreDescriptor(
            name="s3",
            help="A bucket, or a prefix in one, on S3 or on a server that speaks as S3 does.",
            implementation="dws_s3.store:S3Store",
        )
    ]
