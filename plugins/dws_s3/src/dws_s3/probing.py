"""What a bucket can do, found out when it is added, and told."""

from collections.abc import Iterator
from typing import Any

from dws_core.errors import ResourceError
from dws_s3.connection import Connection
from dws_s3.errors import AccessDeniedError, RequestRefusedError
from dws_s3.pages import Pages

ENABLED = "Enabled"


class UnversionedError(ResourceError):
    def __init__(self, bucket: str, status: str | None) -> None:
        state = "no longer keeps versions" if status == "Suspended" else "keeps no versions"
        super().__init__(
            f"the bucket {bucket} {state}, so what is in it now could not be brought back later",
            hint=f"turn them on (`aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled`), "
            "or let the workspace keep the content: `dws add s3 --copy …`",
        )


class VersionsHiddenError(ResourceError):
    def __init__(self, bucket: str, permission: str) -> None:
        super().__init__(
            f"the versions in the bucket {bucket} may not be listed, and {permission} is needed to bring anything back",
            hint=f"ask its owner to allow {permission}, or let the workspace keep the content: `dws add s3 --copy …`",
        )


def versioning_of(connection: Connection) -> str | None:
    """Ask whether a bucket keeps versions: `Enabled`, `Suspended`, None for never; "" where that may not be asked."""
    try:
        with connection.doing("look at the versioning of") as client:
            return client.get_bucket_versioning(Bucket=connection.place.bucket).get("Status")
    except AccessDeniedError:
        return ""


def check_versioned(connection: Connection) -> None:
    """Raise an UnversionedError where what is written to the bucket now cannot be brought back."""
    status = versioning_of(connection)
    if status not in (ENABLED, ""):
        raise UnversionedError(connection.place.bucket, status)


def probe(connection: Connection, prefix: str) -> tuple[str, ...]:
    """Find out whether a bucket's versions can be recorded and brought back; answer what people should know."""
    check_versioned(connection)
    bucket = connection.place.bucket
    try:
        with connection.doing("list the versions of") as client:
            Pages(client, bucket).get(prefix.encode(), most=1)
    except AccessDeniedError as error:
        raise VersionsHiddenError(bucket, error.permission) from error
    return tuple(_expiring(connection, prefix))


def _expiring(connection: Connection, prefix: str) -> Iterator[str]:
    """Name the rules that take old versions away, and with them what snapshots need."""
    try:
        with connection.doing("look at the lifecycle rules of") as client:
            rules = client.get_bucket_lifecycle_configuration(Bucket=connection.place.bucket).get("Rules", [])
    except AccessDeniedError:
        yield "the bucket's lifecycle rules may not be looked at: one that expires old versions takes away what snapshots need"
        return
    except RequestRefusedError as error:
        if error.code in ("NoSuchLifecycleConfiguration", "NotImplemented"):
            return
        raise
    for rule in rules:
        days = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")
        if days is not None and rule.get("Status") == ENABLED and _meets(_prefix_of(rule), prefix):
            name = rule.get("ID") or "without a name"
            yield (
                f"the lifecycle rule {name} of the bucket removes old versions {days} days after they were replaced: "
                "a snapshot that needs one can then be restored no more"
            )


def _prefix_of(rule: Any) -> str:
    chosen = rule.get("Filter", {})
    return str(rule.get("Prefix") or chosen.get("Prefix") or chosen.get("And", {}).get("Prefix") or "")


def _meets(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
