"""What this clone keeps of the records of one kind, to read them fast: appended to, and believed row by row."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

# Rows that count no more are let be until there are this many more than of those that do.
_SLACK = 1000
# JSON, ids and numbers never hold this character.
_BLOCK = b"\x1e"
# Begins every checksum: another number, and what an older program kept counts no more.
_FORMAT = 1


class Row(NamedTuple):
    """What is kept of one record while its file has the size and times of `stamp`; `text` is JSON."""

    stamp: str
    time: str
    text: str


class Index:
    """A file of blocks, each of some rows and with its checksum.

    Several processes may append at the same time, and need no lock: a block that was torn or overwritten does not have its
    checksum, and its records are read anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = 0
        self._rows: dict[str, Row] | None = None

    def rows(self) -> dict[str, Row]:
        """Give the rows by record id, the last one of each; nothing where there is no index."""
        if self._rows is None:
            try:
                content = self._path.read_bytes()
            except OSError:
                content = b""
            self._rows = {}
            for block in content.split(_BLOCK):
                lines = _lines_of(block)
                self._lines += len(lines)
                self._rows.update(map(_row_of, lines))
        return self._rows

    def keep(self, fresh: Iterable[str], rows: Mapping[str, Row]) -> None:
        """Add the rows of the ids `fresh` to what is kept; `rows` are all that count.

        Where that is not possible (a workspace that can only be read), reading is merely slower.
        """
        added = [*fresh]
        self._rows = {**rows}
        crowded = self._lines + len(added) > 2 * len(rows) + _SLACK
        self._lines = len(rows) if crowded else self._lines + len(added)
        local = self._path.parent.parent
        if not local.is_dir() or local.is_symlink():
            return
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            if crowded:
                self._write(self._path.with_name(f"{self._path.name}.{os.getpid()}"), rows, rows).replace(self._path)
            else:
                self._write(self._path, added, rows)
        except OSError:
            return

    def _write(self, path: Path, chosen: Iterable[str], rows: Mapping[str, Row]) -> Path:
        """Append in one call of the system."""
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            file = os.open(path.name, flags, 0o600, dir_fd=directory)
        finally:
            os.close(directory)
        try:
            body = "\n".join(_line_of(identity, rows[identity]) for identity in chosen).encode("ascii")
            os.write(file, _BLOCK + f"{crc32(body, _FORMAT):08x}\n".encode("ascii") + body)
        finally:
            os.close(file)
        return path


def _line_of(identity: str, row: Row) -> str:
    """Write a row down; its texts are JSON, which has neither tabs nor line breaks."""
    return "\t".join((identity, row.stamp, json.dumps(row.time), row.text))


def _lines_of(block: bytes) -> list[str]:
    checksum, _, body = block.partition(b"\n")
    return body.decode("ascii").split("\n") if f"{crc32(body, _FORMAT):08x}".encode("ascii") == checksum else []


def _row_of(line: str) -> tuple[str, Row]:
    identity, stamp, time, text = line.split("\t")
    return identity, Row(stamp, json.loads(time) if "\\" in time else time[1:-1], text)
