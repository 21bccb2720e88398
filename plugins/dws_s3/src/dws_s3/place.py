"""Where a bucket is, and what is done there: checked as far as can be told without contacting anything."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from dws_s3.errors import InvalidBucketNameError, InvalidEndpointError

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_RESERVED = ("xn--", "sthree-", "amzn-s3-demo-")
_REGION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")


@dataclass(frozen=True)
class Place:
    """A bucket; what is None comes from where boto3 usually finds it. InvalidBucketNameError, InvalidEndpointError."""

    bucket: str
    endpoint_url: str | None = None
    region: str | None = None
    profile: str | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.bucket) or _ADDRESS.fullmatch(self.bucket) or self.bucket.startswith(_RESERVED):
            raise InvalidBucketNameError(self.bucket)
        if self.endpoint_url is not None and not _is_endpoint(self.endpoint_url):
            raise InvalidEndpointError(without_user(self.endpoint_url))
        if self.region is not None and not _REGION.fullmatch(self.region):
            raise InvalidEndpointError(self.region, what="the region of a bucket", expected="a name such as eu-central-1")

    def shown(self, key: str | None = None) -> str:
        """Name the bucket, or a key in it, for people."""
        name = f"s3://{self.bucket}" + (f"/{key}" if key is not None else "")
        return f"{name} at {self.endpoint_url}" if self.endpoint_url else name


def without_user(url: str) -> str:
    """Leave out user and password, which nobody shall read in a message."""
    return re.sub(r"(?<=//)[^/?#]*@", "", url)


def _is_endpoint(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url and not (parts.query or parts.fragment or "@" in parts.netloc)
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
