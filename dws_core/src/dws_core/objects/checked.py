"""What of a store was read through once: what it keeps never changes, so that need not be done again."""

import re
from pathlib import Path

from dws_core.objects.writing import make_directory
from dws_core.plugin.store import Kept

_LINE = re.compile(r"([0-9a-z./]{1,200}) (\d{1,20})")


class Checked:
    """A list of names and sizes, to which lines are only added; a line that a dead command began counts for nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[Kept] = set()
        if path.exists():
            lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
            self._known.update(Kept(found[1], int(found[2])) for found in map(_LINE.fullmatch, lines) if found)

    def __contains__(self, kept: Kept) -> bool:
        return kept in self._known

    def add(self, kept: Kept) -> None:
        """Remember that this was found to be sound."""
        if kept in self._known:
            return
        make_directory(self._path.parent)
        with self._path.open("a", encoding="utf-8") as file:
            # The line before may lack its end, where its writer died.
            file.write(f"\n{kept.name} {kept.size}\n")
        self._known.add(kept)
