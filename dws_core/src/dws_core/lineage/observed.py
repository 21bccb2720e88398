"""What a step was seen to read and write: single files, or the directory where they are many."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from dws_core.model.step import Edge, Known, ResourceRef

MANY = 100
"""Of so many files below a directory each is recorded; of more, the directory in their place."""

MOST = 1000
"""The same of a resource as a whole."""

Identify = Callable[[str], str | None]
"""Gives the id of the version of what lies at a path of a resource; None where only the whole has one."""


class Observed:
    """The edges that were observed, each path of a resource once: as it is now, or as in a version (`origin` tells which)."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str], _Tally] = {}
        self._versions: dict[tuple[str, str, str], str | None] = {}

    def __len__(self) -> int:
        return sum(len(tally.paths) for tally in self._tallies.values())

    def add(self, ref: ResourceRef, origin: str = "", identify: Identify | None = None) -> bool:
        """Count a path; tell whether that is news. What counts is identified as it is now, and never again."""
        tally = self._tallies.setdefault((ref.name, origin), _Tally())
        fresh = tally.add(ref.subpath)
        if fresh is None:
            return False
        self._versions[ref.name, origin, fresh] = None  # which it stays where it cannot be told
        if identify is not None:
            version = identify(fresh)
            if version is None and fresh:
                tally.add_whole("")
                fresh, version = "", identify("")
            self._versions[ref.name, origin, fresh] = version
        return True

    def discard(self, ref: ResourceRef) -> None:
        """Forget one path, unless it counts as part of a directory."""
        for (name, _), tally in self._tallies.items():
            if name == ref.name:
                tally.discard(ref.subpath)

    def edges(self, beside: Iterable[Edge] = ()) -> tuple[Edge, ...]:
        """Give what was observed, but for what these say already."""
        known = {(edge.ref, edge.version) for edge in beside}
        found: dict[tuple[ResourceRef, str | None], Edge] = {}
        for (name, origin), tally in self._tallies.items():
            for path in tally.paths:
                edge = Edge(ResourceRef(name, path), self._versions.get((name, origin, path)), Known.OBSERVED)
                found.setdefault((edge.ref, edge.version), edge)
        return tuple(edge for key, edge in found.items() if key not in known)


class _Tally:
    """Paths of one resource, none of which lies in another."""

    def __init__(self) -> None:
        self.paths: dict[str, None] = {}
        self._below: Counter[str] = Counter()

    def add(self, path: str) -> str | None:
        """Count a path; answer what stands for it from now on, if that is news."""
        if path in self.paths or any(each in self.paths for each in _above(path)):
            return None
        self._put(path)
        for each in _above(path):
            if self._below[each] > (MANY if each else MOST):
                self.add_whole(each)
                return each
        return path

    def add_whole(self, directory: str) -> None:
        """Let a directory stand for all that lies in it."""
        prefix = f"{directory}/" if directory else ""
        for path in [each for each in self.paths if each.startswith(prefix)]:
            self.discard(path)
        self._put(directory)

    def discard(self, path: str) -> None:
        if path in self.paths:
            del self.paths[path]
            self._below.subtract(_above(path))

    def _put(self, path: str) -> None:
        self.paths[path] = None
        self._below.update(_above(path))


def _above(path: str) -> Iterator[str]:
    """Name the directories that hold a path, innermost first."""
    while path:
        path = path.rpartition("/")[0]
        yield path
