"""Rows of a listing: what lies at one path, and what tells whether it is the same, as a line of JSON."""

import hashlib
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring
from typing import NamedTuple

from dws_core.model.names import check_relative
from dws_core.plugin.objects import EntryKind
from dws_core.plugin.rows import MAX_SIZE, Form, key_of, text_of


class Listed(NamedTuple):
    """What lies at a path, whose bytes are the key: a file, a symlink or a directory that holds nothing.

    `hash` names its kind, `sha256:…` or `md5:…`; of a symlink it is that of its target. Where nobody knows one, `mark` is what
    else tells whether the file is the same, such as when it was written.
    """

    key: bytes
    kind: EntryKind = EntryKind.FILE
    size: int = 0
    hash: str | None = None
    mark: str | None = None

    @property
    def path(self) -> str:
        return text_of(self.key)


def line_of(row: Listed) -> bytes:
    """Write a row the one way we write it, without the end of the line."""
    told = ("null" if each is None else encode_basestring(each) for each in (row.hash, row.mark))
    # An undecodable byte is a lone surrogate here, whose escape in JSON is what Python's backslash escape gives.
    texts = f'[{encode_basestring(row.path)},"{row.kind}",{row.size},{",".join(told)}]'
    return texts.encode("utf-8", "backslashreplace")


def identity_of(path: str, rows: Iterable[Listed]) -> str:
    """Answer the id of the version of what lies at a path, given the rows in order; FileNotFoundError."""
    digest, count = hashlib.sha256(), 0
    for row in at_or_below(path, rows):
        digest.update(line_of(row) + b"\n")
        count += 1
    if not count and path:
        raise FileNotFoundError(path)
    return digest.hexdigest()


def at_or_below(path: str, rows: Iterable[Listed]) -> Iterator[Listed]:
    """Keep what lies at a path, or below it; "" is the whole."""
    key = key_of(path)
    return (row for row in rows if not key or row.key == key or row.key.startswith(key + b"/"))


def _row(found: object) -> Listed:
    """Check a row; ValueError, PathRefusedError."""
    match found:
        case [str(path), str(kind), int(size), str() | None as given, str() | None as mark] if type(size) is int:
            if path and 0 <= size <= MAX_SIZE:
                return Listed(key_of(check_relative(path)), EntryKind(kind), size, given, mark)
    raise ValueError("a row is not a path, a kind, a size, a hash and a mark")


FORM = Form(line_of, _row)
