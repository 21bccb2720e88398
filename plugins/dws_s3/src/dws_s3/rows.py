"""Rows of a bucket's manifest: one key with the version it has, as a line of JSON."""

from json.encoder import encode_basestring
from typing import NamedTuple

from dws_core.plugin.rows import MAX_SIZE, Form, key_of, text_of


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


def _row(found: object) -> Row:
    """Check a row; ValueError."""
    match found:
        case [str(key), str(version), int(size), str(etag), str() | None as checksum] if type(size) is int:
            if key and version and 0 <= size <= MAX_SIZE:
                return Row(key_of(key), version, size, etag, checksum)
    raise ValueError("a row is not a key, a version, a size, an ETag and a checksum")


FORM = Form(line_of, _row, ("bucket", "prefix"))
