"""Multipart uploads that are under way while a bucket is listed: what they make is dated by their beginning."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from botocore.exceptions import ClientError

from dws_s3.keys import key_of, parameter
from dws_s3.listed import CurrentObject
from dws_s3.page import Entry
from dws_s3.spool import Spool

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

TABLE = "uploads (key BLOB, id TEXT, began REAL, is_there INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID"
"""The table that a spool must have for them."""

_NOTE = "INSERT INTO uploads VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET is_there = 1"
_OF_ENDED = "SELECT key, began FROM uploads WHERE key IN (SELECT key FROM uploads WHERE NOT is_there) ORDER BY key"
_NOT_ALLOWED = (403, 405, 501)
_CLOSE = 1.0


class Uploads:
    """Those below a prefix; where we may not ask, there are none."""

    def __init__(self, client: "S3Client", bucket: str, prefix: bytes, spool: Spool) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._spool = spool

    def note(self) -> bool:
        """Note those that are under way now, and tell whether all that were noted last time still are."""
        self._look()
        is_same = self._spool.one("SELECT 1 FROM uploads WHERE NOT is_there") is None
        self._spool.do("DELETE FROM uploads WHERE NOT is_there")
        return is_same

    def ended(self) -> Iterator[tuple[bytes, list[float]]]:
        """Yield each key of which an upload that was noted is under way no more, with when all of the key's uploads began."""
        if self._spool.one("SELECT 1 FROM uploads") is not None:
            self._look()
            rows = self._spool.rows(_OF_ENDED)
            for key, uploads in groupby(rows, itemgetter(0)):
                yield key, [began for _, began in uploads]

    def _look(self) -> None:
        self._spool.do("UPDATE uploads SET is_there = 0")
        self._spool.add(_NOTE, self._listed())

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


def may_be_made_by(entry: Entry | CurrentObject, began: list[float]) -> bool:
    """Tell whether a version looks like what one of several uploads made that began then."""
    modified = datetime.fromisoformat(entry.modified).astimezone(UTC).timestamp()
    return "-" in entry.etag and any(abs(modified - each) < _CLOSE for each in began)
