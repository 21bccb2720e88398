"""Rows of a manifest: each tells of one file, by its key, as a line of JSON."""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from dws_core.errors import DamagedRecordError

MAX_ROWS = 8192
"""How many rows a chunk may have."""

MAX_BYTES = 1024 * 1024
"""A chunk ends with the row that brings it to this many bytes."""

MAX_CHUNK = 2 * MAX_BYTES
"""What no chunk is longer than; what a stranger's claims to be is not read."""

MAX_SIZE = 2**63 - 1
"""The most bytes that a file may be said to have."""

SEPARATOR = b"/"
_ENDS_AT = 1024


class Row(Protocol):
    """What tells of one file: its key, which is the bytes of a path, and how many bytes it has."""

    @property
    def key(self) -> bytes: ...

    @property
    def size(self) -> int: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Form(Generic[R]):
    """How one kind of row is written: `line` gives its line of JSON, always the same, `row` takes what JSON reads (ValueError).

    `heads` names the texts that a manifest of such rows says of all of them.
    """

    line: Callable[[R], bytes]
    row: Callable[[object], R]
    heads: tuple[str, ...] = ()


def text_of(key: bytes) -> str:
    """Give a key as text, undecodable bytes as surrogates."""
    return key.decode("utf-8", "surrogateescape")


def key_of(text: str) -> bytes:
    """Give back the key that `text_of` made a text of; ValueError."""
    return text.encode("utf-8", "surrogateescape")


def ends_chunk(key: bytes) -> bool:
    """Tell whether a chunk ends after a key: of the key alone, so that a change elsewhere leaves the chunk as it is."""
    return zlib.crc32(key) % _ENDS_AT == 0


def join(lines: list[bytes]) -> bytes:
    """Make a chunk of the lines of its rows."""
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def split(chunk: bytes, form: Form[R], where: str) -> list[R]:
    """Give the rows of a chunk; a DamagedRecordError, which says where, if anything is not as we write it."""
    if len(chunk) > MAX_CHUNK:
        raise DamagedRecordError(where, f"it has {len(chunk):,} bytes, more than the {MAX_CHUNK:,} allowed")
    try:
        found = json.loads(chunk.decode("utf-8"))
        if not isinstance(found, list) or not 0 < len(found) <= MAX_ROWS:
            raise ValueError(f"not a list of at most {MAX_ROWS:,} rows, and at least one")
        rows = [form.row(each) for each in found]
    except json.JSONDecodeError as error:
        raise DamagedRecordError(where, f"not valid JSON ({error.msg})", line=error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise DamagedRecordError(where, str(error)) from error
    for place in range(1, len(rows)):
        if rows[place - 1].key >= rows[place].key:
            raise DamagedRecordError(where, "its keys are not in order", line=place + 2)
    return rows
