"""What this plugin brings: buckets as resources, and as stores."""

from collections.abc import Sequence

from dws_core.plugin import StoreDescriptor, hookimpl


@hookimpl
def dws_stores() -> Sequence[StoreDescriptor]:
    return [
        StoreDescriptor(
            name="s3",
            help="A bucket, or a prefix in one, on S3 or on a server that speaks as S3 does.",
            implementation="dws_s3.store:S3Store",
        )
    ]
