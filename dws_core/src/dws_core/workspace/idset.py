"""A set of record ids that this clone keeps for itself."""

from collections.abc import Iterable
from pathlib import Path

from dws_core.journal import write_whole
from dws_core.model.codec import dump, parse, texts_of


class IdSet:
    """Kept in a file; one that is missing or makes no sense is an empty set, from which everything is only done again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> frozenset[str]:
        try:
            return frozenset(texts_of(parse(self._path.read_bytes(), str(self._path)), "ids"))
        except (OSError, ValueError):
            return frozenset()

    def change(self, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Add some ids and take others out; the workspace's lock is held."""
        before = self.read()
        after = (before | frozenset(add)) - frozenset(remove)
        if after != before:
            write_whole(self._path, dump({"ids": [*sorted(after)]}))
