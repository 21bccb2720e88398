"""What lies where a merge would write: what was recorded, what is to come, or what nobody keeps."""

import os
import stat
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from pathlib import Path

from dws_core.errors import FileAccessError, PathRefusedError
from dws_core.plugin.grip import Grip
from dws_git.conversion import converted
from dws_git.differing import Difference, Differences
from dws_git.hashing import hash_file
from dws_git.listing import EXECUTABLE, FILE, SUBMODULE, SYMLINK, Item, Listing, above
from dws_git.repository import Repository


class Found(Enum):
    """What lies at a path."""

    NOTHING = auto()
    OLD = auto()
    NEW = auto()
    OTHER = auto()


def look(repository: Repository, changes: Differences, scratch: Path) -> dict[str, Found]:
    """Tell of each path whether it holds what was, what is to come, nothing, or something else; bytes decide."""
    found: dict[str, Item | None] = {}
    try:
        with Grip(repository.top) as grip:
            for path, each in sorted(changes.items()):
                found[path] = _item(repository, grip, path, each)
    except OSError as error:
        raise FileAccessError(error.filename, error) from error
    doubtful: Listing = {
        path: item for path, item in found.items() if item and item.mode in (FILE, EXECUTABLE) and item not in changes[path]
    }
    if doubtful:
        nothing_stored = repository.beside(scratch / "objects")
        cleaned = converted(nothing_stored, "", doubtful, scratch)
        found.update({path: Item(doubtful[path].mode, identity) for path, identity in cleaned.items()})
    return {path: _judge(item, changes[path]) for path, item in found.items()}


def in_the_way(top: Path, changes: Differences, found: Mapping[str, Found]) -> dict[str, set[str]]:
    """Name, for each path that cannot be changed without losing something, what that is."""
    leaving = {path for path, each in changes.items() if each.new is None and found[path] is not Found.OTHER}
    needed = {each for path in leaving for each in above(path)}
    hindrances: dict[str, set[str]] = {}
    for path, each in changes.items():
        if found[path] is Found.OTHER and (each.new is not None or not (top / path).is_dir()):
            hindrances[path] = set(_below(top, path, leaving, needed))
        on_way = next((other for other in above(path) if _is_no_directory(top / other)), None)
        if each.new is not None and on_way and on_way not in leaving:
            hindrances.setdefault(path, set()).add(on_way)
    return {path: those for path, those in hindrances.items() if those}


def staged_in_the_way(changes: Differences, staged: Listing) -> dict[str, set[str]]:
    """Name, for each path whose entry in the index cannot be set without losing what is staged, what that is."""
    staying = {path for path in staged if path not in changes or changes[path].new is not None}
    directories = {each for path in staying for each in above(path)}
    hindrances: dict[str, set[str]] = {}
    for path, each in changes.items():
        those = set() if staged.get(path) in each else {path}
        if each.new is not None:
            those |= staying.intersection(above(path))
            those |= {other for other in staying if other.startswith(f"{path}/")} if path in directories else set()
        if those:
            hindrances[path] = those
    return hindrances


def _item(repository: Repository, grip: Grip, path: str, each: Difference) -> Item | None:
    try:
        status = grip.look(path)
    except PathRefusedError:
        return None  # behind a file or symlink there is nothing of the workspace's
    if status is None:
        return None
    if stat.S_ISDIR(status.st_mode):
        submodule = each.new or each.old
        return submodule if submodule and submodule.mode == SUBMODULE else Item("", "")
    if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
        mode = SYMLINK if stat.S_ISLNK(status.st_mode) else EXECUTABLE if status.st_mode & 0o100 else FILE
        return Item(mode, hash_file(repository.top / path, repository.algorithm))
    return Item("", "")


def _judge(item: Item | None, each: Difference) -> Found:
    if item is None:
        return Found.NOTHING
    if item == each.new:
        return Found.NEW
    return Found.OLD if item == each.old else Found.OTHER


def _below(top: Path, path: str, leaving: set[str], needed: set[str]) -> Iterator[str]:
    """Name what hinders a file to be where something lies: that itself, or of a directory what stays in it."""
    place = top / path
    if place.is_symlink() or not place.is_dir() or path not in needed:
        yield path
        return
    for directory, names, files in os.walk(place):
        inside = os.path.relpath(directory, top)
        for name in (*names, *files):
            other = f"{inside}/{name}"
            if other not in leaving and other not in needed:
                yield other


def _is_no_directory(place: Path) -> bool:
    return os.path.lexists(place) and (place.is_symlink() or not place.is_dir())
