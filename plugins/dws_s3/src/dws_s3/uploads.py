"""Multipart uploads that are under way while a bucket is listed: what they make is dated by their beginning."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote_to_bytes

from botocore.exceptions import ClientError

from dws_s3.keys import key_of, parameter
from dws_s3.page import Entry
from dws_s3.spool import Spool

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

TABLE = "uploads (key BLOB, id TEXT, began REAL, PRIMARY KEY (key, id)) WITHOUT ROWID"
"""The table that a spool must have for them."""

_NOT_ALLOWED = (403, 405, 501)
_CLOSE = 1.0


class Uploads:
    """Those below a prefix that were under way at the beginning; where we may not ask, there are none."""

    def __init__(self, client: "S3Client", bucket: str, prefix: bytes, spool: Spool) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._spool = spool

    def begin(self) -> Self:
        """Note those that are under way now."""
        self._spool.do("DELETE FROM uploads")
        self._spool.add("INSERT OR IGNORE INTO uploads VALUES (?, ?, ?)", self._listed())
        return self

    def end(self) -> Iterator[tuple[bytes, float]]:
        """Yield the key and the beginning of those that are under way no more: completed, or given up."""
        if self._spool.one("SELECT 1 FROM uploads LIMIT 1") is not None:
            self._spool.add("DELETE FROM uploads WHERE key = ? AND id = ?", ((key, name) for key, name, _ in self._listed()))
            yield from self._spool.rows("SELECT key, began FROM uploads ORDER BY key")

    def _listed(self) -> Iterator[tuple[bytes, str, float]]:
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._bucket, Prefix=parameter(self._prefix), EncodingType="url"
        )
        try:
            for page in pages:
                is_encoded = page.get("EncodingType") == "url"
                for each in page.get("Uploads", []):
                    key = unquote_to_bytes(each["Key"].replace("+", " ")) if is_encoded else key_of(each["Key"])
                    yield key, each["UploadId"], each["Initiated"].timestamp()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] not in _NOT_ALLOWED:
                raise


def may_be_made_by(entry: Entry, began: float) -> bool:
    """Tell whether a version looks like what an upload made that began then."""
    modified = datetime.fromisoformat(entry.modified).astimezone(UTC).timestamp()
    return "-" in entry.etag and abs(modified - began) <= _CLOSE
