"""Rows of a manifest: one key with the version it has, as a line of JSON."""

import json
import zlib
from json.encoder import encode_basestring
from typing import NamedTuple

from dws_core.errors import DamagedRecordError
from dws_s3.keys import key_of, text_of

MAX_ROWS = 8192
"""How many rows a chunk may have."""

MAX_BYTES = 1024 * 1024
"""A chunk ends with the row that brings it to this many bytes."""

MAX_CHUNK = 2 * MAX_BYTES
"""What no chunk is longer than; what a stranger's claims to be is not read."""

_LARGEST = 2**63 - 1
_ENDS_AT = 1024


class Row(NamedTuple):
    """A key with its version: id, size, ETag without quotation marks, and `sha256:…` or whatever checksum is known."""

    key: bytes
    version: str
    size: int
    etag: str
    checksum: str | None = None


def line_of(row: Row) -> bytes:
    """Write a row the one way we write it, without the end of the line."""
    checksum = "null" if row.checksum is None else encode_basestring(row.checksum)
    texts = encode_basestring(text_of(row.key)), encode_basestring(row.version), encode_basestring(row.etag)
    # An undecodable byte is a lone surrogate here, whose escape in JSON is what Python's backslash escape gives.
    return f"[{texts[0]},{texts[1]},{row.size},{texts[2]},{checksum}]".encode("utf-8", "backslashreplace")


def ends_chunk(key: bytes) -> bool:
    """Tell whether a chunk ends after a key: of the key alone, so that a change elsewhere leaves the chunk as it is."""
    return zlib.crc32(key) % _ENDS_AT == 0


def join(lines: list[bytes]) -> bytes:
    """Make a chunk of the lines of its rows."""
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def split(chunk: bytes, where: str) -> list[Row]:
    """Give the rows of a chunk; a DamagedRecordError, which says where, if anything is not as we write it."""
    if len(chunk) > MAX_CHUNK:
        raise DamagedRecordError(where, f"it has {len(chunk):,} bytes, more than the {MAX_CHUNK:,} allowed")
    try:
        found = json.loads(chunk.decode("utf-8"))
        if not isinstance(found, list) or not 0 < len(found) <= MAX_ROWS:
            raise ValueError(f"not a list of at most {MAX_ROWS:,} rows, and at least one")
        rows = [_row(each) for each in found]
    except json.JSONDecodeError as error:
        raise DamagedRecordError(where, f"not valid JSON ({error.msg})", line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise DamagedRecordError(where, str(error)) from error
    for place in range(1, len(rows)):
        if rows[place - 1].key >= rows[place].key:
            raise DamagedRecordError(where, "its keys are not in order", line=place + 2)
    return rows


def _row(found: object) -> Row:
    """Check a row; ValueError."""
    match found:
        case [str(key), str(version), int(size), str(etag), str() | None as checksum] if type(size) is int:
            if key and version and 0 <= size <= _LARGEST:
                return Row(key_of(key), version, size, etag, checksum)
    raise ValueError("a row is not a key, a version, a size, an ETag and a checksum")
