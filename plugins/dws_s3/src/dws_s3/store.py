"""The S3 store: what is kept is an object each, which appears whole and stays."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import PathRefusedError
from dws_core.plugin import Kept, Store, StoreContext
from dws_s3.address import address_of, url_of
from dws_s3.connection import Connection
from dws_s3.putting import Putting
from dws_s3.source import opened
from dws_s3.streaming import stream
from dws_s3.sums import hexadecimal
from dws_s3.walking import walk

_COMPONENT = re.compile(r"[a-z0-9][a-z0-9.-]*")
_CHECK = ".dws-check"


class S3Store(Store):
    """A prefix in a bucket, which must be there: buckets are made, paid for and opened to others by whoever owns them."""

    def __init__(self, url: str, context: StoreContext) -> None:
        super().__init__(url, context)
        address = address_of(url)
        self._prefix = address.prefix
        self._connection = Connection(address.place)
        self._putting = Putting(self._connection)
        self._proved: dict[str, str] = {}

    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        return url_of(address_of(url))

    def prepare(self) -> None:
        """K2: but for the bucket; that it can be written to shows in an upload that is given up before anything came of it."""
        with self._connection.doing("list", self._prefix) as client:
            client.list_objects_v2(Bucket=self._connection.place.bucket, Prefix=self._prefix, MaxKeys=1)
        self._putting.uploads.check(f"{self._prefix}{_CHECK}")

    def list(self, prefix: str) -> Iterator[Kept]:
        for found in walk(self._connection, self._prefix + prefix):
            name = found.key.removeprefix(self._prefix)
            if _is_name(name):
                yield Kept(name, found.size)

    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        pieces = stream(self._connection, self._key(name), start, None if length is None else max(length, 1))
        return b"".join(pieces)[:length]

    def fetch(self, name: str, file: BinaryIO) -> None:
        for piece in stream(self._connection, self._key(name)):
            file.write(piece)

    def put(self, name: str, content: BinaryIO, size: int) -> None:
        key = self._key(name)
        with opened(content, size, self._connection.place.shown(key)) as source:
            proved = self._putting.put(key, source)
        if proved is not None:
            self._proved[name] = proved

    def checksum(self, name: str) -> str | None:
        """K7: what the server told of it when it was put is told once, and need not be asked for."""
        proved = self._proved.pop(name, None)
        if proved is not None:
            return proved
        key = self._key(name)
        with self._connection.doing("look at", key) as client:
            answer = client.head_object(Bucket=self._connection.place.bucket, Key=key, ChecksumMode="ENABLED")
        return hexadecimal(answer.get("ChecksumSHA256"))

    def _key(self, name: str) -> str:
        if not _is_name(name):
            raise PathRefusedError(name, "it is no name of something that a store keeps")
        return self._prefix + name


def _is_name(name: str) -> bool:
    return all(_COMPONENT.fullmatch(each) for each in name.split("/"))
