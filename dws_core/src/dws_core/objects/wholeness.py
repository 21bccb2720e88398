"""Whether all that lies below what versions name is in this clone."""

from collections.abc import Iterable

from dws_core.errors import UnsafeTreeError
from dws_core.objects.below import Below, below_list, below_root, below_tree
from dws_core.objects.contents import Contents
from dws_core.objects.layout import MAX_DEPTH
from dws_core.objects.store import ObjectStore
from dws_core.objects.tree import raw_id

_LACKING = -1


def lacking(objects: ObjectStore, ids: Iterable[str]) -> frozenset[str]:
    """Answer which of these are not here with all that lies below them; also what only looks like an object's id.

    Bytes of small objects are not looked at. MissingObjectError of what is no id; DamagedObjectError, UnsafeTreeError.
    """
    wanted = {each: raw_id(each) for each in ids}
    if not wanted:
        return frozenset()
    with objects.reading() as contents:
        wholeness = _Wholeness(contents)
        return frozenset(each for each, root in wanted.items() if not wholeness.is_whole(root))


def known(objects: ObjectStore, ids: Iterable[str]) -> frozenset[str]:
    """Answer which of these are ids of objects that are here; what lies below them is not looked at."""
    with objects.reading() as contents:
        return frozenset(each for each in ids if contents.has(raw_id(each)))


class _Wholeness:
    """Looks at each tree once; `_heights` tells how many levels lie below one, if all of them are there."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._heights: dict[bytes, int] = {}

    def is_whole(self, root: bytes) -> bool:
        if root not in self._heights:
            if not self._contents.has(root):
                return False
            below = below_root(self._contents.read(root), _name(root))
            return self._holds(below) and all(self._height(tree) != _LACKING for tree in below.trees)
        return self._heights[root] != _LACKING

    def _height(self, top: bytes) -> int:
        waiting: list[tuple[bytes, Below | None]] = [(top, None)]
        while waiting:
            tree, below = waiting.pop()
            if tree in self._heights:
                continue
            if below is None:
                below = self._look(tree)
                if below is None:
                    self._heights[tree] = _LACKING
                    continue
                waiting += [(tree, below), *((each, None) for each in below.trees)]
                continue
            heights = [self._heights[each] for each in below.trees]
            self._heights[tree] = _LACKING if _LACKING in heights else max(heights, default=0) + 1
            if self._heights[tree] > MAX_DEPTH:
                raise UnsafeTreeError(_name(tree), f"it is nested more than {MAX_DEPTH} levels deep")
        return self._heights[top]

    def _look(self, tree: bytes) -> Below | None:
        """Read a tree; None unless it is here with all files in it."""
        if not self._contents.has(tree):
            return None
        below = below_tree(self._contents.read(tree, _name(tree)), _name(tree))
        return below if self._holds(below) else None

    def _holds(self, below: Below) -> bool:
        """Tell whether the files that an object names are here."""
        if self._contents.without(below.leaves) or self._contents.without(below.lists):
            return False
        return not any(self._contents.without(self._blocks(each, size)) for each, size in below.lists.items())

    def _blocks(self, identity: bytes, size: int) -> dict[bytes, int]:
        return below_list(self._contents.read(identity, _name(identity)), size, _name(identity)).leaves


def _name(identity: bytes) -> str:
    return f"the object {identity.hex()}"
