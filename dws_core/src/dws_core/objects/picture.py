"""A directory of the user's as it was found: names, rows and ids, directory by directory."""

import os
from collections.abc import Iterator

from dws_core.errors import UnsupportedFileError
from dws_core.objects.layout import MAX_DEPTH
from dws_core.objects.rows import ROW, ROW_SIZE
from dws_core.objects.stat_cache import Remembered
from dws_core.objects.tree import Node

_NO_ID = bytes(32)


class FoundDirectory:
    """One directory: names in order of their bytes, with a row and an id each; compact, since there may be a million."""

    __slots__ = ("children", "depth", "ids", "names", "path", "racy", "remembered", "rows", "same", "tree")

    def __init__(self, path: bytes, depth: int) -> None:
        self.path = path
        self.depth = depth
        self.names: list[bytes] = []
        self.rows = bytearray()
        self.ids = bytearray()
        self.children: dict[int, FoundDirectory] = {}
        self.racy: set[int] = set()
        self.remembered: Remembered | None = None
        self.same = False
        self.tree = _NO_ID

    def below(self, name: bytes) -> "FoundDirectory":
        """Make the record of a directory in this one."""
        path = self.path_of(name)
        if self.depth >= MAX_DEPTH:
            raise UnsupportedFileError(os.fsdecode(path), f"directory nested more than {MAX_DEPTH} deep")
        return FoundDirectory(path, self.depth + 1)

    def path_of(self, name: bytes) -> bytes:
        return self.path + b"/" + name if self.path else name

    def row(self, index: int) -> bytes:
        return bytes(self.rows[index * ROW_SIZE : (index + 1) * ROW_SIZE])

    def id(self, index: int) -> bytes:
        return bytes(self.ids[index * 32 : (index + 1) * 32])

    def put(self, index: int, row: bytes, identity: bytes, *, racy: bool) -> None:
        """Take in what reading a file gave."""
        self.rows[index * ROW_SIZE : (index + 1) * ROW_SIZE] = row
        self.ids[index * 32 : (index + 1) * 32] = identity
        self.same = False
        if racy:
            self.racy.add(index)

    def nodes(self) -> list[Node]:
        """The directory as a tree holds it."""
        ids = bytes(self.ids)
        return [
            Node(name, row[0], row[1], ids[index * 32 : index * 32 + 32])
            for index, (name, row) in enumerate(zip(self.names, ROW.iter_unpack(self.rows), strict=True))
        ]

    def child(self, index: int, node: Node) -> "FoundDirectory":
        return self.children[index]

    def to_remember(self) -> Remembered:
        """The directory as the stat cache keeps it: what might change unseen is kept so that it will be read again."""
        rows = bytearray(self.rows)
        for index in self.racy:
            rows[index * ROW_SIZE + 1 : (index + 1) * ROW_SIZE] = bytes(ROW_SIZE - 1)
        return Remembered(self.path, b"\0".join(self.names), bytes(rows), bytes(self.ids), self.tree)


def kind_in(row: bytes) -> int:
    return row[0]


def size_in(row: bytes) -> int:
    size: int = ROW.unpack(row)[1]
    return size


def walk_down(top: FoundDirectory) -> Iterator[FoundDirectory]:
    """Yield a directory and all below it, each before those in it."""
    waiting = [top]
    while waiting:
        directory = waiting.pop()
        yield directory
        waiting.extend(directory.children.values())
