"""What a user may set on a bucket."""

from dataclasses import dataclass

from dws_core.errors import InvalidSettingError
from dws_core.plugin import Scope, Settings, setting

VIEW, WRITE_BACK = "view", "write-back"


@dataclass(frozen=True, kw_only=True)
class S3Settings(Settings):
    """The settings of a bucket, in the order in which reports show them."""

    bucket: str = setting("the bucket", argument=True, editable=False)
    prefix: str = setting("the directory of the bucket that is the resource, as in images/2026/", default="", editable=False)
    read_only: bool = setting("never change anything in the bucket", default=False)
    copy: bool = setting(
        "keep the content in the workspace's object store, for a bucket without versions", default=False, editable=False
    )
    checksums: bool = setting("record the checksum of each new object too, which takes a request each", default=False)
    restore_by: str = setting(
        "how this clone restores: `view` has the bucket seen as it was, `write-back` makes the older versions current again",
        default=VIEW,
        choices=(VIEW, WRITE_BACK),
        scope=Scope.CLONE,
    )
    endpoint_url: str | None = setting("where S3 is, for this clone", default=None, scope=Scope.CLONE)
    region: str | None = setting("the bucket's region, for this clone", default=None, scope=Scope.CLONE)
    profile: str | None = setting("the profile of AWS's configuration that this clone uses", default=None, scope=Scope.CLONE)
    shared_endpoint_url: str | None = setting("where S3 is, for every clone that has no endpoint of its own", default=None)
    shared_region: str | None = setting("the bucket's region, for every clone that names none of its own", default=None)

    @property
    def endpoint(self) -> str | None:
        """Where S3 is; None where boto3's own configuration says."""
        return self.endpoint_url or self.shared_endpoint_url

    @property
    def address(self) -> str:
        """The bucket and prefix, for people to see and accept."""
        return (
            f"{self.endpoint.rstrip('/')}/{self.bucket}/{self.prefix}" if self.endpoint else f"s3://{self.bucket}/{self.prefix}"
        )


def directory_prefix(text: str) -> str:
    """Give a prefix the form of a directory, `a/b/`, or "" for the whole bucket; InvalidSettingError where it names none."""
    plain = text.removesuffix("/")
    if not plain:
        return ""
    if not plain.isprintable() or any(part in ("", ".", "..") for part in plain.split("/")):
        raise InvalidSettingError("prefix", text, "a directory such as images/2026/, without '.', '..' or an empty part")
    return plain + "/"
