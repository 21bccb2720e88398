"""Reading an object, or a part of it, as a stream that goes on where its connection was cut."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from dws_s3.connection import Connection
from dws_s3.errors import ChangedMeanwhileError, CutError, RequestRefusedError

_PIECE = 1024 * 1024
_TRIES = 5
_PAUSE = 0.1


def stream(
    connection: Connection,
    key: str,
    start: int = 0,
    length: int | None = None,
    *,
    version: str | None = None,
    etag: str | None = None,
) -> Iterator[bytes]:
    """Yield what is kept under a key, or `length` bytes of it from `start` on (fewer where it ends before), piece by piece.

    All of it is from one version: the one that is named, or that has the ETag, or else whichever is there at first.
    FileNotFoundError, ChangedMeanwhileError, or another error of `dws_s3.errors`.
    """
    end = None if length is None else start + length
    wanted = {name: value for name, value in (("VersionId", version), ("IfMatch", etag)) if value}
    tries = 0
    while end is None or start < end:
        try:
            with closing(_Part(connection, key, start, end, wanted)) as part:
                wanted, end = part.same, part.end
                while piece := part.read():
                    start, tries = start + len(piece), 0
                    yield piece
        except CutError:
            tries += 1
            if tries == _TRIES:
                raise
            time.sleep(random.uniform(0.5, 1) * _PAUSE * 2 ** (tries - 1))


class _Part:
    """One answer, as far as it comes: where it ends, and what names the same version again."""

    def __init__(self, connection: Connection, key: str, start: int, end: int | None, wanted: dict[str, str]) -> None:
        self._connection = connection
        self._key = key
        self._body: Any = None
        self.end = start
        self.same = wanted
        part = {"Range": f"bytes={start}-{'' if end is None else end - 1}"} if start or end is not None else {}
        asked: Any = {"Bucket": connection.place.bucket, "Key": key, **wanted, **part}
        try:
            with connection.doing("read", key) as client:
                answer = client.get_object(**asked)
        except RequestRefusedError as refusal:
            if refusal.code == "PreconditionFailed":
                raise ChangedMeanwhileError(refusal.task) from refusal
            if refusal.code == "InvalidRange":  # it ends before
                return
            raise
        self._body, size = answer["Body"], answer["ContentLength"]
        self.end = start + size
        if etag := answer.get("ETag"):
            self.same = {**wanted, "IfMatch": etag}
        if part and answer["ResponseMetadata"]["HTTPStatusCode"] != 206:
            self.close()
            if size > start:
                raise RequestRefusedError(f"read a part of {connection.place.shown(key)}", "Range", 200, "it sends the whole")
            self._body, self.end = None, start

    def read(self) -> bytes:
        """Give the next piece; nothing at the end."""
        if self._body is None:
            return b""
        with self._connection.doing("read", self._key):
            return bytes(self._body.read(_PIECE))

    def close(self) -> None:
        """Let go of the connection."""
        if self._body is not None:
            self._body.close()
