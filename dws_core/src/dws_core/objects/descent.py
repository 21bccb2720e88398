"""The way down from what versions name to all that lies below, level by level."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from dws_core.errors import UnsafeTreeError
from dws_core.objects.below import Below, below_list, below_root, below_tree
from dws_core.objects.layout import MAX_DEPTH, MAX_ENTRIES

_ROOT, _TREE = -2, -1

Read: TypeAlias = Callable[[bytes, str], bytes | None]


class Descent:
    """Meets each object once. `level` is what is to be read next; `links` has been, and `leaves` need not be, by their sizes."""

    def __init__(self, roots: Iterable[bytes]) -> None:
        self.level: dict[bytes, int] = dict.fromkeys(roots, _ROOT)
        self.links: set[bytes] = set()
        self.leaves: dict[bytes, int] = {}
        self._depth = 0
        self._budget = MAX_ENTRIES * len(self.level)

    def go_down(self, read: Read) -> None:
        """Read this level, and let the next be what it names; what cannot be read (None) ends the way there.

        UnsafeTreeError, DamagedObjectError.
        """
        level, self.level = self.level, {}
        self.links.update(level)
        for identity, size in level.items():
            what = f"the {'tree' if size == _TREE else 'object'} {identity.hex()}"
            content = read(identity, what)
            if content is not None:
                self._meet(_below(content, size, what), what)
        self._depth += 1
        if self._depth > MAX_DEPTH and _TREE in self.level.values():
            deep = next(each for each, size in self.level.items() if size == _TREE)
            raise UnsafeTreeError(deep.hex(), f"it is nested more than {MAX_DEPTH} levels deep")

    def _meet(self, below: Below, what: str) -> None:
        self._budget -= below.entries
        if self._budget < 0:
            raise UnsafeTreeError(what, f"with those around it, it has more than {MAX_ENTRIES:,} entries")
        self.leaves.update(below.leaves)
        self.level.update((each, _TREE) for each in below.trees if each not in self.links)
        self.level.update((each, size) for each, size in below.lists.items() if each not in self.links)


def _below(content: bytes, size: int, what: str) -> Below:
    if size == _ROOT:
        return below_root(content, what)
    return below_tree(content, what) if size == _TREE else below_list(content, size, what)
