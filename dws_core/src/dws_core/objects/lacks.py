"""What cannot be given back of all that lies below an object: how much, why, and where for instance."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

from dws_core.errors import DamagedObjectError, UnsafeTreeError
from dws_core.objects.blocks import LIST_HEADER, decode_list, listed_size
from dws_core.objects.branch import join
from dws_core.objects.checking import Condition
from dws_core.objects.layout import BLOCKS_ABOVE
from dws_core.objects.tree import DIRECTORY, TREE_HEADER, Node, decode


class Lack(NamedTuple):
    """How many files (or directories with all below them) cannot be given back for one reason, and the path of one."""

    files: int
    path: str


Lacks: TypeAlias = "dict[Path | None, Lack]"
"""By the damaged file that is the reason; None where content simply is not here."""


class Lacking:
    """Follows trees, each only once, however many snapshots hold it."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition
        self._sound: set[bytes] = set()
        self._lacks: dict[bytes, Lacks] = {}
        self.missing: set[bytes] = set()
        """The ids of all that was found lacking."""

    def below(self, roots: Iterable[bytes]) -> Lacks:
        """Tell what is lacking below those of these that are objects, or were before they got lost."""
        found: Lacks = {}
        for root in roots:
            if root in self._condition.whole:
                _merge(found, self._below(root), "")
            elif root in self._condition.causes:
                _merge(found, self._lost(root), "")
        return found

    def _below(self, root: bytes) -> Lacks:
        if root not in self._condition.links:
            return {}
        content = self._condition.read(root, root.hex())
        if content.startswith(LIST_HEADER):
            return self._of_file(root, listed_size(content))
        return self._of_tree(root) if content.startswith(TREE_HEADER) else {}

    def _of_tree(self, top: bytes) -> Lacks:
        waiting: list[tuple[bytes, list[Node] | None]] = [(top, None)]
        while waiting:
            tree, nodes = waiting.pop()
            if tree in self._sound or tree in self._lacks:
                continue
            if nodes is None:
                try:
                    nodes = decode(self._condition.read(tree, tree.hex()), tree.hex())
                except (DamagedObjectError, UnsafeTreeError):
                    self._lacks[tree] = self._lost(tree)
                    continue
                waiting.append((tree, nodes))
                waiting += [(node.id, None) for node in nodes if node.kind == DIRECTORY]
                continue
            lacks: Lacks = {}
            for node, below in self._of_nodes(nodes):
                _merge(lacks, below, join("", node.name))
            if lacks:
                self._lacks[tree] = lacks
            else:
                self._sound.add(tree)
        return self._lacks.get(top, {})

    def _of_nodes(self, nodes: list[Node]) -> Iterator[tuple[Node, Lacks]]:
        for node in nodes:
            if node.kind == DIRECTORY:
                if node.id in self._lacks:
                    yield node, self._lacks[node.id]
            elif node.id not in self._condition.whole:
                yield node, self._lost(node.id)
            elif node.size > BLOCKS_ABOVE:
                yield node, self._of_file(node.id, node.size)

    def _of_file(self, identity: bytes, size: int) -> Lacks:
        """A large file lacks all where it lacks one block."""
        try:
            blocks = decode_list(self._condition.read(identity, identity.hex()), size, identity.hex())
        except DamagedObjectError:
            return self._lost(identity)
        lost = [block for block in dict.fromkeys(blocks) if block not in self._condition.whole]
        self.missing.update(lost)
        return {self._condition.causes.get(block): Lack(1, "") for block in lost}

    def _lost(self, identity: bytes) -> Lacks:
        self.missing.add(identity)
        return {self._condition.causes.get(identity): Lack(1, "")}


def _merge(lacks: Lacks, more: Lacks, name: str) -> None:
    for cause, lack in more.items():
        path = f"{name}/{lack.path}" if name and lack.path else name or lack.path
        before = lacks.get(cause)
        lacks[cause] = Lack(before.files + lack.files, before.path) if before else Lack(lack.files, path)
