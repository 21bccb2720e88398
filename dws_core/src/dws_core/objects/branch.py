"""Trees as they are walked: stored ones and found ones look alike."""

import os
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import Protocol, Self

from dws_core.errors import UnsafeTreeError
from dws_core.objects.contents import Contents
from dws_core.objects.layout import MAX_DEPTH, MAX_ENTRIES
from dws_core.objects.tree import DIRECTORY, Node, decode, decode_differing


class Branch(Protocol):
    """One directory of a tree."""

    def nodes(self) -> list[Node]:
        """What it holds, in order of the bytes of the names."""
        ...

    def child(self, index: int, node: Node) -> Self:
        """The directory that is its `index`th node."""
        ...

    def node(self, index: int) -> Node:
        """Its `index`th node."""
        ...

    def encoded(self) -> list[bytes] | None:
        """What it holds, each as it is written in a tree, where that costs less than its nodes."""
        ...

    def differing(self, encoded: Sequence[bytes]) -> list[tuple[int, Node]] | None:
        """Answer which nodes are not as these encoded ones, where that costs less than its nodes and the names are the same."""
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
            self._nodes = decode(self._read(), self._name)
            self._spend(len(self._nodes))
        return self._nodes

    def node(self, index: int) -> Node:
        return self.nodes()[index]

    def encoded(self) -> None:
        return None

    def differing(self, encoded: Sequence[bytes]) -> list[tuple[int, Node]] | None:
        if self._nodes is not None:
            return None
        found = decode_differing(self._read(), encoded, self._name)
        self._spend(len(found or ()))
        return found

    @property
    def _name(self) -> str:
        return f"the tree {self.id.hex()}"

    def _read(self) -> bytes:
        return self._contents.read(self.id, f"{self._path or 'the top'} ({self._name})")

    def _spend(self, entries: int) -> None:
        self._budget[0] -= entries
        if self._budget[0] < 0:
            raise UnsafeTreeError(self._name, f"it has more than {MAX_ENTRIES:,} entries")

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
