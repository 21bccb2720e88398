"""Which paths below a directory are looked at."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Choice:
    """Which names below a directory are looked at: those in `names`, or every one where it is None."""

    names: "dict[bytes, Choice] | None" = field(default_factory=dict)


EVERYTHING = Choice(None)


class ChosenEntry:
    """One chosen name of a directory, to be asked as an entry of a listing is."""

    def __init__(self, directory: bytes, name: bytes, choice: Choice) -> None:
        self.name = name
        self._path = directory + b"/" + name
        self._choice = choice

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        """Answer what is there; NotADirectoryError where something in it is chosen, and it is no directory."""
        status = os.stat(self._path, follow_symlinks=follow_symlinks)  # noqa: PTH116  # names are bytes, which pathlib does not take
        if self._choice.names and not stat.S_ISDIR(status.st_mode):
            raise NotADirectoryError(20, "Not a directory", self._path)
        return status


def choose(paths: Iterable[str]) -> Choice:
    """Make a choice of files, symlinks and directories (as empty ones, unless something in them is chosen as well)."""
    top = Choice()
    for path in paths:
        place = top
        for name in os.fsencode(path).split(b"/"):
            assert place.names is not None
            place = place.names.setdefault(name, Choice())
    return top


def choose_existing(directory: Path, paths: Iterable[str], *, whole: bool = False) -> Choice:
    """Choose of these paths what is there; a file or symlink on the way is chosen in place of what would lie below it.

    With `whole`, everything in a directory at one of the paths is chosen.
    """
    top = Choice()
    root = os.fsencode(directory)
    for path in paths:
        place, full = top, root
        for name in os.fsencode(path).split(b"/"):
            full += b"/" + name
            if place.names is None or not os.path.lexists(full):
                break
            place = place.names.setdefault(name, Choice())
            if not stat.S_ISDIR(os.lstat(full).st_mode):
                break
        else:
            if whole:
                place.names = None
    return top
