"""A bucket on the real server for one test, and what the test wrote there."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.servers.s3 import S3

_THREADS = 8


@dataclass
class Bucket:
    """A bucket with versions; `written` holds every version in the order it was written, None for a delete marker."""

    client: Any
    name: str
    written: dict[str, list[str | None]] = field(default_factory=dict)

    def put(self, key: str, content: bytes = b"x") -> str:
        """Write an object, and answer the id of its version."""
        version = str(self.client.put_object(Bucket=self.name, Key=key, Body=content).get("VersionId", "null"))
        self.written.setdefault(key, []).append(version)
        return version

    def put_many(self, keys: Iterable[str]) -> None:
        """Write many, several at once."""
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(self.put, keys))

    def delete(self, key: str) -> None:
        """Hide an object behind a delete marker."""
        self.client.delete_object(Bucket=self.name, Key=key)
        self.written.setdefault(key, []).append(None)

    def upload(self, key: str, parts: Iterable[bytes]) -> str:
        """Write an object in parts, and answer the id of its version."""
        target = {"Bucket": self.name, "Key": key}
        upload = self.client.create_multipart_upload(**target)["UploadId"]
        sent = []
        for number, part in enumerate(parts, 1):
            answer = self.client.upload_part(**target, UploadId=upload, PartNumber=number, Body=part)
            sent.append({"PartNumber": number, "ETag": answer["ETag"]})
        done = self.client.complete_multipart_upload(**target, UploadId=upload, MultipartUpload={"Parts": sent})
        self.written.setdefault(key, []).append(done["VersionId"])
        return str(done["VersionId"])

    @property
    def current(self) -> Mapping[bytes, str]:
        """What is current: each key, as bytes, with the id of its version."""
        return {key.encode(): versions[-1] for key, versions in self.written.items() if versions[-1] is not None}

    @property
    def versions(self) -> list[tuple[bytes, str]]:
        """Every version there is, in order."""
        return sorted((key.encode(), each) for key, versions in self.written.items() for each in versions if each is not None)


def make(s3: S3, *, versioned: bool = True) -> Bucket:
    """Make a bucket on a server."""
    return Bucket(s3.client(), s3.make_bucket(versioned=versioned))
