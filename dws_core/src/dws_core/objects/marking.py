"""Which objects are needed: those that a version names, and everything below them."""

import re
from collections.abc import Iterable

from dws_core.model.codec import JsonObject, dump
from dws_core.objects.blocks import LIST_HEADER, decode_list, listed_size
from dws_core.objects.contents import Contents
from dws_core.objects.layout import BLOCKS_ABOVE
from dws_core.objects.tree import DIRECTORY, TREE_HEADER, decode

_ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def ids_in(value: JsonObject) -> set[bytes]:
    """Find all that may be an object's id, anywhere in JSON."""
    return {bytes.fromhex(found.decode()) for found in _ID.findall(dump(value))}


class Marking:
    """The needed objects; whatever cannot be followed to its end is an error, so that nothing is taken for unneeded wrongly."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._followed: set[bytes] = set()
        self.needed: dict[bytes, bool] = {}
        """By id, whether a snapshot needs it; undo state alone needs the others."""

    def follow(self, roots: Iterable[bytes], *, by_snapshots: bool) -> set[bytes]:
        """Mark all below those roots that are objects, and answer the others. First those of snapshots, then those of undo state.

        MissingObjectError, DamagedObjectError, UnsafeTreeError.
        """
        others: set[bytes] = set()
        for root in roots:
            if not self._contents.has(root):
                others.add(root)
                continue
            self.needed.setdefault(root, by_snapshots)
            content = self._contents.read(root)
            if content.startswith(TREE_HEADER):
                self._follow_tree(root, by_snapshots)
            elif content.startswith(LIST_HEADER):
                self._follow_list(root, listed_size(content), by_snapshots)
        return others

    def _follow_tree(self, top: bytes, by_snapshots: bool) -> None:
        waiting = [top]
        while waiting:
            tree = waiting.pop()
            if tree in self._followed:
                continue
            self._followed.add(tree)
            name = f"the tree {tree.hex()}"
            for _, kind, size, identity in decode(self._contents.read(tree, name), name):
                self.needed.setdefault(identity, by_snapshots)
                if kind == DIRECTORY:
                    waiting.append(identity)
                elif size > BLOCKS_ABOVE:
                    self._follow_list(identity, size, by_snapshots)

    def _follow_list(self, identity: bytes, size: int, by_snapshots: bool) -> None:
        if identity in self._followed:
            return
        self._followed.add(identity)
        name = f"the block list {identity.hex()}"
        for block in decode_list(self._contents.read(identity, name), size, name):
            self.needed.setdefault(block, by_snapshots)
