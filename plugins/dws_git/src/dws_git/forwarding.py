"""The working tree and the index, brought from one tree to another where nobody has changed them since."""

import os
import shutil
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from dws_git.content import open_blob
from dws_git.differing import Differences
from dws_git.index import HeldIndex
from dws_git.large_files import WITHOUT_LFS, absent
from dws_git.listing import SUBMODULE, Listing
from dws_git.looking import Found, in_the_way, look, staged_in_the_way
from dws_git.metadata import METADATA, is_metadata
from dws_git.repository import Repository
from dws_git.restoring import apply, write_staged
from dws_git.smudging import check_out


class Forward:
    """Changes that are to be made visible: from what HEAD was to what a tree or commit `to` says.

    What is to come is written beside first, filters and all; then nothing but renames is left to do.
    """

    def __init__(self, repository: Repository, changes: Differences, to: str, scratch: Path) -> None:
        self._repository = repository
        self._changes = changes
        self._to = to
        self._scratch = scratch
        self._ready = scratch / "ready"

    @cached_property
    def _found(self) -> dict[str, Found]:
        return look(self._repository, self._changes, self._scratch)

    def hindrances(self, staged: Listing) -> set[str]:
        """Name what would be lost of the files, and of what is `staged`."""
        files = in_the_way(self._repository.top, self._changes, self._found)
        entries = staged_in_the_way(self._changes, staged)
        return {each for those in (*files.values(), *entries.values()) for each in those}

    def prepare(self, index: HeldIndex, staged: Listing) -> None:
        """Write the files that are to come, and set the entries of the index's copy; nothing that people see changes."""
        hindered = staged_in_the_way(self._changes, staged)
        index.change({path: each.new for path, each in self._changes.items() if path not in hindered})
        in_way = in_the_way(self._repository.top, self._changes, self._found)
        wanted = {
            path: each.new
            for path, each in self._changes.items()
            if each.new and each.new.mode != SUBMODULE and path not in in_way and self._found[path] is not Found.NEW
        }
        self._ready.mkdir()
        self._write_records({path: item for path, item in wanted.items() if is_metadata(path)})
        files = [path for path in wanted if not is_metadata(path)]
        if files:
            hollow = absent(self._repository, self._to, {path: wanted[path] for path in files})
            for group, environment in ((set(files) - hollow, None), (hollow, WITHOUT_LFS)):
                if group:
                    check_out(self._repository, self._to, self._ready, group, self._scratch, environment=environment)

    def place(self) -> list[str]:
        """Put the files in place, and take away what is gone; names what somebody changed meanwhile, which stays."""
        found = look(self._repository, self._changes, self._scratch)
        hindered = in_the_way(self._repository.top, self._changes, found)
        current: Listing = {}
        target: Listing = {}
        for path, each in self._changes.items():
            if path in hindered or found[path] is Found.NEW:
                continue
            if each.old and found[path] is Found.OLD:
                current[path] = each.old
            if each.new and (each.new.mode == SUBMODULE or os.path.lexists(self._ready / path)):
                target[path] = each.new
        self._apply(current, target, METADATA)
        self._apply(current, target, "")
        return sorted(hindered)

    def _write_records(self, records: Listing) -> None:
        """Write records as they are: they are named by their bytes, so no filter may change them."""
        try:
            for path, item in records.items():
                with open_blob(self._repository, item.id) as content:
                    write_staged(self._ready, path, item, content)
        finally:
            self._repository.git.close()

    def _apply(self, current: Listing, target: Listing, within: str) -> None:
        """Apply what lies below the metadata's directory, or what does not; what a dead command left there goes as well."""
        ready = self._ready / within
        old, new = _within(current, within), _within(target, within)
        apply(self._repository.top / within, old, new, lambda place, paths: _move(ready, place, paths))


def _within(listing: Listing, within: str) -> Listing:
    start = f"{within}/" if within else ""
    return {path.removeprefix(start): item for path, item in listing.items() if is_metadata(path) == bool(within)}


def _move(ready: Path, place: Path, paths: Collection[str]) -> None:
    for path in paths:
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(ready / path, target)
