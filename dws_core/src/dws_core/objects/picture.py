"""A directory of the user's as it was found: names, rows and ids, directory by directory."""

import os
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from dws_core.errors import UnsupportedFileError
from dws_core.objects.layout import BLOCKS_ABOVE, MAX_DEPTH
from dws_core.objects.rows import ROW, ROW_SIZE, split_rows
from dws_core.objects.stat_cache import Remembered
from dws_core.objects.tree import Node, encode_each

NO_ID = bytes(32)


class Entry(NamedTuple):
    """One name in a directory: its row and id, the directory that it is, and whether it may change unseen."""

    name: bytes
    row: bytes
    id: bytes
    child: "FoundDirectory | None" = None
    racy: bool = False


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
        self.tree = NO_ID

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

    def each_row(self) -> list[bytes]:
        return split_rows(bytes(self.rows))

    def has_large(self) -> bool:
        """Tell whether a file is here that is kept as blocks."""
        return max(self._kinds_and_sizes()[1], default=0) > BLOCKS_ABOVE

    def id(self, index: int) -> bytes:
        return bytes(self.ids[index * 32 : (index + 1) * 32])

    def put(self, index: int, row: bytes, identity: bytes, *, racy: bool = False) -> None:
        """Take in what an entry is now."""
        self.rows[index * ROW_SIZE : (index + 1) * ROW_SIZE] = row
        self.ids[index * 32 : (index + 1) * 32] = identity
        self.same = False
        self.tree = NO_ID
        if racy:
            self.racy.add(index)
        else:
            self.racy.discard(index)

    def find(self, path: str) -> "FoundDirectory":
        """Find a directory below this one that is known to be there."""
        found = self
        for name in os.fsencode(path).split(b"/") if path else ():
            found = found.children[bisect_left(found.names, name)]
        return found

    def edit(self, removed: Collection[bytes], added: Collection[Entry]) -> None:
        """Take names out and others in; whoever asks works out the tree."""
        if self._replace(removed, added):
            return
        entries = {each.name: each for each in self._entries()}
        for name in removed:
            del entries[name]
        entries.update({each.name: each for each in added})
        ordered = [entries[name] for name in sorted(entries)]
        self.names = [each.name for each in ordered]
        self.rows = bytearray(b"".join([each.row for each in ordered]))
        self.ids = bytearray(b"".join([each.id for each in ordered]))
        self.children = {index: each.child for index, each in enumerate(ordered) if each.child is not None}
        self.racy = {index for index, each in enumerate(ordered) if each.racy}
        self.same = False

    def _replace(self, removed: Collection[bytes], added: Collection[Entry]) -> bool:
        """Put files in the places of files of the same names, which is quick; False where there is more to do."""
        places = [bisect_left(self.names, each.name) for each in added]
        if removed or not all(
            place < len(self.names) and self.names[place] == each.name and each.child is None and place not in self.children
            for place, each in zip(places, added, strict=True)
        ):
            return False
        for place, each in zip(places, added, strict=True):
            self.put(place, each.row, each.id, racy=each.racy)
        return True

    def _entries(self) -> Iterator[Entry]:
        for index, (name, row, identity) in enumerate(zip(self.names, self.each_row(), self.each_id(), strict=True)):
            yield Entry(name, row, identity, self.children.get(index), index in self.racy)

    def nodes(self) -> list[Node]:
        """The directory as a tree holds it."""
        kinds, sizes = self._kinds_and_sizes()
        return [*map(Node, self.names, kinds, sizes, self.each_id())]

    def encoded(self) -> list[bytes]:
        """What it holds, each as it is written in a tree."""
        return encode_each(self.names, *self._kinds_and_sizes(), self.each_id())

    def differing(self, encoded: Sequence[bytes]) -> None:
        return None

    def each_id(self) -> list[bytes]:
        ids = bytes(self.ids)
        return [ids[start : start + 32] for start in range(0, len(ids), 32)]

    def node(self, index: int) -> Node:
        kind, size, *_ = ROW.unpack_from(self.rows, index * ROW_SIZE)
        return Node(self.names[index], kind, size, self.id(index))

    def _kinds_and_sizes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        if not self.names:
            return (), ()
        kinds, sizes, *_ = zip(*ROW.iter_unpack(self.rows), strict=True)
        return kinds, sizes

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
