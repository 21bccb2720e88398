"""What this plugin brings: buckets as resources, and as stores."""

from collections.abc import Sequence

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
        )
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
