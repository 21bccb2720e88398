"""Uploads in parts: several at once, and what a dead process had sent of one is not sent again."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from dws_s3.connection import Connection
from dws_s3.errors import RequestRefusedError, S3Error
from dws_s3.source import Part, Source
from dws_s3.sums import composite, told_by

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, PartTypeDef

_PART = 8 * 1024 * 1024
_MOST_PARTS = 10_000
_HANDS = 4
TAKEN = ("PreconditionFailed", "412")
"""How a server says that something has that name."""
LOST = ("NoSuchUpload", "InvalidPart", "InvalidPartOrder", "InvalidRequest", "EntityTooSmall")
"""What becomes of an upload that somebody else finishes or gives up meanwhile, or whose parts are another content's."""


class Sent(NamedTuple):
    """The SHA-256 of what was sent, whether the server has worked it out as well, and the ETag it has there."""

    digest: str
    is_proved: bool
    etag: str


class Uploads:
    """The uploads of one bucket that are not finished."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._bucket = connection.place.bucket

    def send(self, key: str, source: Source, condition: dict[str, Any], useless: set[str]) -> Sent:
        """Send a content in parts, going on with an upload of that key that is there and not useless; in the end there is none.

        Whoever sends the same at the same time joins in. One that is LOST is added to those that are useless.
        """
        upload = next((each for each in self._unfinished(key) if each not in useless), None) or self._begin(key)
        try:
            sent = _Upload(self._connection, key, upload).send(source, condition)
        except RequestRefusedError as refusal:
            if refusal.code in LOST:
                useless.add(upload)
            elif refusal.code in TAKEN:
                self.clear(key)
            raise
        self.clear(key)
        return sent

    def send_alone(self, key: str, source: Source, condition: dict[str, Any]) -> Sent:
        """Send a content in parts, leaving alone what others have not finished; where that fails, it is given up."""
        upload = self._begin(key)
        try:
            return _Upload(self._connection, key, upload).send(source, condition)
        except BaseException:
            with suppress(S3Error, FileNotFoundError):
                self._give_up(key, upload)
            raise

    def check(self, key: str) -> None:
        """Raise an error unless objects may be written, by beginning to write one."""
        upload = self._begin(key)
        self._give_up(key, upload)

    def clear(self, key: str) -> None:
        """Give up what is unfinished of a key that is taken by now; where that is not allowed it stays, and harms nobody."""
        with suppress(S3Error):
            for upload in self._unfinished(key):
                self._give_up(key, upload)

    def _unfinished(self, key: str) -> list[str]:
        """List the uploads of exactly this key."""
        found: list[str] = []
        on: dict[str, Any] = {}
        while True:
            with self._connection.doing("list the uploads of", key) as client:
                answer = client.list_multipart_uploads(Bucket=self._bucket, Prefix=key, **on)
            found += [each["UploadId"] for each in answer.get("Uploads", ()) if each["Key"] == key]
            if not answer.get("IsTruncated"):
                return found
            on = {"KeyMarker": answer["NextKeyMarker"], "UploadIdMarker": answer["NextUploadIdMarker"]}

    def _begin(self, key: str) -> str:
        with self._connection.doing("write", key) as client:
            return client.create_multipart_upload(Bucket=self._bucket, Key=key, ChecksumAlgorithm="SHA256")["UploadId"]

    def _give_up(self, key: str, upload: str) -> None:
        try:
            with self._connection.doing("give up an upload of", key) as client:
                client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload)
        except RequestRefusedError as refusal:
            if refusal.code != "NoSuchUpload":
                raise


class _Upload:
    """One of them."""

    def __init__(self, connection: Connection, key: str, upload: str) -> None:
        self._connection = connection
        self._where: dict[str, Any] = {"Bucket": connection.place.bucket, "Key": key, "UploadId": upload}
        self._key = key

    def send(self, source: Source, condition: dict[str, Any]) -> Sent:
        """Send what is not there of a content, and let the parts become the object."""
        there = {each["PartNumber"]: each for each in self._parts()}
        whole, digests = hashlib.sha256(), []
        done: list[Future[CompletedPartTypeDef]] = []
        with ThreadPoolExecutor(_HANDS, thread_name_prefix="s3-put") as pool:
            try:
                for number, part in enumerate(_cut(source), 1):
                    digests.append(_digest(part, whole))
                    done.append(pool.submit(self._send_part, number, part, digests[-1], there.get(number)))
                    _raise_what_failed(done)
                parts = [future.result() for future in done]
            finally:
                for future in done:
                    future.cancel()
        with self._connection.doing("write", self._key) as client:
            answer = client.complete_multipart_upload(**self._where, **condition, MultipartUpload={"Parts": parts})
        # The server has worked out the hash of each part, and from those, in order, the one that it tells.
        return Sent(whole.hexdigest(), answer.get("ChecksumSHA256") == composite(digests), answer["ETag"])

    def _send_part(self, number: int, part: Part, digest: bytes, there: "PartTypeDef | None") -> "CompletedPartTypeDef":
        told = told_by(digest)
        if there is not None and _is_same(there, part, told):
            return {"PartNumber": number, "ETag": there["ETag"], "ChecksumSHA256": told}
        with self._connection.doing("write", self._key) as client:
            answer = client.upload_part(
                **self._where, PartNumber=number, Body=part.body, ContentLength=part.size, ChecksumSHA256=told
            )
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": told}

    def _parts(self) -> Iterator["PartTypeDef"]:
        """List what came of it already."""
        on: dict[str, Any] = {}
        while True:
            with self._connection.doing("list the parts of", self._key) as client:
                answer = client.list_parts(**self._where, **on)
            yield from answer.get("Parts", ())
            if not answer.get("IsTruncated"):
                return
            on = {"PartNumberMarker": answer["NextPartNumberMarker"]}


def _cut(source: Source) -> Iterator[Part]:
    """Cut a content into parts of one size, the same each time."""
    size = max(_PART, -(-source.size // _MOST_PARTS))
    for start in range(0, source.size, size):
        yield source.part(start, min(size, source.size - start))


def _digest(part: Part, whole: "hashlib._Hash") -> bytes:
    """Give a part's hash, and add the part to that of the whole."""
    own = hashlib.sha256()
    for piece in part.pieces():
        own.update(piece)
        whole.update(piece)
    return own.digest()


def _is_same(there: "PartTypeDef", part: Part, told: str) -> bool:
    """Tell whether a part that came already is this one, by its SHA-256 or, where the server does not list that, its MD5."""
    if there["Size"] != part.size:
        return False
    if "ChecksumSHA256" in there:
        return there["ChecksumSHA256"] == told
    own = hashlib.md5(usedforsecurity=False)
    for piece in part.pieces():
        own.update(piece)
    return there["ETag"].strip('"') == own.hexdigest()


def _raise_what_failed(futures: "list[Future[CompletedPartTypeDef]]") -> None:
    """End at once what a part has ended, rather than after the last."""
    for future in futures:
        if future.done():
            future.result()
