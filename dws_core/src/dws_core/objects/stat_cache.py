"""The stat cache of a directory: one table of what its files were when they were last read, so that few are read again."""

import hashlib
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from dws_core.objects.rows import ROW_SIZE, split_rows
from dws_core.objects.writing import make_directory, write_whole

_HEADER = b"dws-stat 1\n"
_HEAD = struct.Struct("<III32s")


class Remembered(NamedTuple):
    """One directory as it was: names (joined by NUL), rows and ids in order of the names, and its tree's id."""

    path: bytes
    names: bytes
    rows: bytes
    ids: bytes
    tree: bytes

    def each_row(self) -> list[bytes]:
        return split_rows(self.rows)


class StatCache:
    """The table of one directory, read at once, and written at once when something changed."""

    def __init__(self, caches: Path, directory: Path, purpose: str = "") -> None:
        key = hashlib.sha256(os.fsencode(directory.absolute()) + b"\0" + purpose.encode()).hexdigest()
        self.directory = caches
        self._path = caches / f"{key[:32]}.stat"
        self.directories: dict[bytes, Remembered] = {}

    def load(self) -> None:
        """Read the table; a missing or damaged one is empty, and files are read again."""
        try:
            data = self._path.read_bytes()
        except OSError:
            return
        if data.startswith(_HEADER) and hashlib.sha256(memoryview(data)[:-32]).digest() == data[-32:]:
            self.directories = {each.path: each for each in _parse(data)}

    def save(self, directories: Iterable[Remembered]) -> None:
        """Write the table anew."""
        content = bytearray(_HEADER)
        for path, names, rows, ids, tree in directories:
            content += _HEAD.pack(len(path), len(names), len(rows) // ROW_SIZE, tree)
            content += path + names + rows + ids
        content += hashlib.sha256(content).digest()
        make_directory(self._path.parent)
        write_whole(self._path, content, lasting=False)


def _parse(data: bytes) -> Iterable[Remembered]:
    place, end = len(_HEADER), len(data) - 32
    while place < end:
        path_length, names_length, count, tree = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        names = place + path_length
        rows = names + names_length
        ids = rows + count * ROW_SIZE
        following = ids + count * 32
        yield Remembered(data[place:names], data[names:rows], data[rows:ids], data[ids:following], tree)
        place = following
