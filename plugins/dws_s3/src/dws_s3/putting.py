"""Putting: a content becomes an object, whole or not at all, and never over one that is there."""

import hashlib
import random
import time
from typing import Any

from dws_s3.connection import Connection
from dws_s3.errors import RequestRefusedError
from dws_s3.multipart import LOST, TAKEN, Sent, Uploads
from dws_s3.source import Source
from dws_s3.sums import hexadecimal, told_by

_WHOLE = 16 * 1024 * 1024
"""What is larger is sent in parts, so that what a failing network costs stays small."""

_TRIES = 5
_PAUSE = 0.1
UNKNOWN = ("NotImplemented", "501")
BUSY = ("ConditionalRequestConflict", "OperationAborted", "409")


class Putting:
    """Puts into one bucket, for any number of threads; it finds out whether the server can refuse to overwrite."""

    def __init__(self, connection: Connection) -> None:
        self.uploads = Uploads(connection)
        self._connection = connection
        self._knows_conditions = True

    def put(self, key: str, source: Source) -> str | None:
        """Put a content under a key, unless something is there; answer its SHA-256 if the server has worked that out as well."""
        useless: set[str] = set()
        for number in range(_TRIES):
            try:
                if self._is_taken(key, source):
                    if useless:
                        self.uploads.clear(key)
                    return None
                sent = self._send(key, source, useless)
                return sent.digest if sent.is_proved else None
            except RequestRefusedError as refusal:
                if refusal.code in TAKEN:
                    return None
                if number == _TRIES - 1 or refusal.code not in (*UNKNOWN, *BUSY, *LOST):
                    raise
                if refusal.code in UNKNOWN:
                    self._knows_conditions = False
                else:  # somebody else puts the same at this moment
                    time.sleep(random.uniform(0.5, 1) * _PAUSE * 2**number)
        raise AssertionError("the last try returns or raises")

    def replace(self, key: str, source: Source, condition: dict[str, Any]) -> Sent:
        """Put a content under a key under a condition (`IfMatch`, `IfNoneMatch`), whatever else is on its way there."""
        return (self.uploads.send_alone if source.size > _WHOLE else self._send_whole)(key, source, condition)

    def is_there(self, key: str) -> bool:
        """Look whether something is kept under a key."""
        try:
            with self._connection.doing("look at", key) as client:
                client.head_object(Bucket=self._connection.place.bucket, Key=key)
        except FileNotFoundError:
            return False
        return True

    def _is_taken(self, key: str, source: Source) -> bool:
        """Look first where much would be sent in vain, or where the server would not refuse it."""
        return (source.size > _WHOLE or not self._knows_conditions) and self.is_there(key)

    def _send(self, key: str, source: Source, useless: set[str]) -> Sent:
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if self._knows_conditions else {}
        if source.size > _WHOLE:
            return self.uploads.send(key, source, condition, useless)
        return self._send_whole(key, source, condition)

    def _send_whole(self, key: str, source: Source, condition: dict[str, Any]) -> Sent:
        part, digest = source.part(0, source.size), hashlib.sha256()
        for piece in part.pieces():
            digest.update(piece)
        sum_of_it = told_by(digest.digest())
        with self._connection.doing("write", key) as client:
            answer = client.put_object(
                Bucket=self._connection.place.bucket,
                Key=key,
                Body=part.body,
                ContentLength=source.size,
                ChecksumSHA256=sum_of_it,
                **condition,
            )
        proved = hexadecimal(answer.get("ChecksumSHA256")) == digest.hexdigest()
        return Sent(digest.hexdigest(), proved, answer["ETag"])
