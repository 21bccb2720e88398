"""Trees as they are walked: stored ones and found ones look alike."""

import os
from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import Protocol, Self

from dws_core.errors import UnsafeTreeError
from dws_core.objects.contents import Contents
from dws_core.objects.layout import MAX_DEPTH, MAX_ENTRIES
from dws_core.objects.tree import DIRECTORY, Node, decode


class Branch(Protocol):
    """One directory of a tree."""

    def nodes(self) -> list[Node]:
        """What it holds, in order of the bytes of the names."""
        ...

    def child(self, index: int, node: Node) -> Self:
        """The directory that is its `index`th node."""
        ...


class StoredBranch:
    """One directory of a stored tree. A tree from a stranger can neither be too deep nor grow without end."""

    def __init__(
        self, contents: Contents, identity: bytes, path: str = "", depth: int = 0, budget: list[int] | None = None
    ) -> None:
        self._contents = contents
        self.id = identity
        self._path = path
        self._depth = depth
        self._budget = [MAX_ENTRIES] if budget is None else budget
        self._nodes: list[Node] | None = None

    def nodes(self) -> list[Node]:
        if self._nodes is None:
            name = f"the tree {self.id.hex()}"
            self._nodes = decode(self._contents.read(self.id, f"{self._path or 'the top'} ({name})"), name)
            self._budget[0] -= len(self._nodes)
            if self._budget[0] < 0:
                raise UnsafeTreeError(name, f"it has more than {MAX_ENTRIES:,} entries")
        return self._nodes

    def child(self, index: int, node: Node) -> "StoredBranch":
        if self._depth >= MAX_DEPTH:
            raise UnsafeTreeError(f"the tree {self.id.hex()}", f"it is nested more than {MAX_DEPTH} levels deep")
        path = join(self._path, node.name)
        return StoredBranch(self._contents, node.id, path, self._depth + 1, self._budget)


def join(path: str, name: bytes) -> str:
    """Give the path of a name in a directory, undecodable bytes as surrogates."""
    return f"{path}/{os.fsdecode(name)}" if path else os.fsdecode(name)


def walk(top: Branch) -> Iterator[tuple[bytes, Node]]:
    """Yield all that a tree holds, in the order of the bytes of the paths."""
    heap: list[tuple[bytes, int, Node, Branch]] = [(node.name, index, node, top) for index, node in enumerate(top.nodes())]
    heapify(heap)
    while heap:
        path, index, node, branch = heappop(heap)
        yield path, node
        if node.kind == DIRECTORY:
            child = branch.child(index, node)
            for place, below in enumerate(child.nodes()):
                heappush(heap, (path + b"/" + below.name, place, below, child))


def find(top: Branch, path: str) -> Node | None:
    """Find what lies at a path of a tree, or None."""
    branch, found = top, None
    for name in os.fsencode(path).split(b"/"):
        if found is not None:
            if found[1].kind != DIRECTORY:
                return None
            branch = branch.child(*found)
        found = next(((index, node) for index, node in enumerate(branch.nodes()) if node.name == name), None)
        if found is None:
            return None
    return found[1] if found else None
