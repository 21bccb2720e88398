"""Writing a manifest: rows in order become chunk files, of which a changed key changes about one."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import UnsupportedFileError
from dws_core.plugin.rows import MAX_BYTES, MAX_ROWS, Form, R, ends_chunk, join, text_of

FORMAT = 1
INDEX = "index"
NAME_DIGITS = 8
_NOTHING_SAID: Mapping[str, str] = {}


@dataclass(frozen=True)
class Chunk:
    """One chunk as the index tells of it: its first key, how many rows it has, and the bytes of their files."""

    first: bytes
    rows: int
    size: int


def chunk_name(number: int) -> str:
    """Name the file of a chunk."""
    return f"{number:0{NAME_DIGITS}d}"


@contextmanager
def written(rows: Iterable[R], form: Form[R], private: Path, head: Mapping[str, str] = _NOTHING_SAID) -> Iterator[Path]:
    """Write a manifest into a directory below `private`, to be stored or scanned, and remove it afterwards.

    The rows come in the order of their keys, each key once. Equal rows with an equal `head` give the same tree.
    """
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="manifest-", dir=private))
    try:
        _write(rows, form, directory, head)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _write(rows: Iterable[R], form: Form[R], directory: Path, head: Mapping[str, str]) -> None:
    chunks = list(_write_chunks(rows, form, directory))
    lines = ",\n".join(json.dumps([text_of(each.first), each.rows, each.size], separators=(",", ":")) for each in chunks)
    said = json.dumps({"format": FORMAT, **{name: head[name] for name in form.heads}})
    (directory / INDEX).write_text(f'{said[:-1]}, "chunks": [\n{lines}\n]}}\n', encoding="ascii")


def _write_chunks(rows: Iterable[R], form: Form[R], directory: Path) -> Iterator[Chunk]:
    for number, (chunk, content) in enumerate(_chunks(rows, form)):
        (directory / chunk_name(number)).write_bytes(content)
        yield chunk


def _chunks(rows: Iterable[R], form: Form[R]) -> Iterator[tuple[Chunk, bytes]]:
    lines: list[bytes] = []
    first, size, length = b"", 0, 0
    for row in rows:
        line = form.line(row)
        if len(line) > MAX_BYTES:
            raise UnsupportedFileError(text_of(row.key), "key of such a length")
        if not lines:
            first, size, length = row.key, 0, 0
        lines.append(line)
        size += row.size
        length += len(line) + 2
        if ends_chunk(row.key) or len(lines) == MAX_ROWS or length >= MAX_BYTES:
            yield Chunk(first, len(lines), size), join(lines)
            lines = []
    if lines:
        yield Chunk(first, len(lines), size), join(lines)
