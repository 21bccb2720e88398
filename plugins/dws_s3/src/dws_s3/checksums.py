"""Checksums of objects, which S3 tells of one object at a time: those that are not known yet are asked for."""

import base64
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from dws_s3.connection import Connection
from dws_s3.keys import parameter
from dws_s3.page import NULL
from dws_s3.rows import Row

_HANDS = 16
_AT_ONCE = 512
_NAMES = ("SHA256", "SHA1", "CRC64NVME", "CRC32C", "CRC32")


def with_checksums(connection: Connection, rows: Iterable[Row], known: Iterable[Row]) -> Iterator[Row]:
    """Give rows with the checksums that S3 has of them; `known` has what was asked before, both in the order of their keys."""
    told = _told(rows, known)
    with ThreadPoolExecutor(_HANDS) as pool:
        while some := list(islice(told, _AT_ONCE)):
            yield from pool.map(lambda each: each[0] if each[1] else _ask(connection, each[0]), some)


def _told(rows: Iterable[Row], known: Iterable[Row]) -> Iterator[tuple[Row, bool]]:
    """Pair each row, as it is known where it is, with whether it is."""
    others = iter(known)
    other = next(others, None)
    for row in rows:
        while other is not None and other.key < row.key:
            other = next(others, None)
        same = other is not None and (other.key, other.version) == (row.key, row.version) and row.version != NULL
        if row.checksum is None and same and other is not None:
            yield other, True
        else:
            yield row, row.checksum is not None


def _ask(connection: Connection, row: Row) -> Row:
    key = parameter(row.key)
    try:
        with connection.doing("look at", key) as client:
            found = client.head_object(Bucket=connection.place.bucket, Key=key, VersionId=row.version, ChecksumMode="ENABLED")
    except FileNotFoundError:
        return row  # it was removed for good meanwhile, which `dws verify` tells
    for name in _NAMES:
        value = found.get(f"Checksum{name}")
        if isinstance(value, str):
            return row._replace(checksum=_written(name.lower(), value))
    return row


def _written(name: str, value: str) -> str:
    """Write `sha256:` and hexadecimal digits, if it is of the whole content; one of parts (`…-3`) as S3 does."""
    return f"{name}:{value}" if "-" in value else f"{name}:{base64.b64decode(value).hex()}"
