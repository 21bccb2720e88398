"""The content of stored files that git-lfs keeps: from the object store where it is there too, else from git-lfs."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import BinaryIO

from dws_core.errors import DamagedObjectError, FileAccessError, MissingObjectError, ToolFailedError, ToolMissingError
from dws_core.plugin import Objects
from dws_git.errors import MissingLargeFileError
from dws_git.hashing import hash_file
from dws_git.keeping import commit_for
from dws_git.lfs import fetch_lfs
from dws_git.listing import Item
from dws_git.pointers import Pointer, pointers
from dws_git.repository import Repository
from dws_git.trees import read_tree

_ORIGIN = "origin"


class LargeContent:
    """What git-lfs keeps of a stored tree; `extras` is the tree of the object store that holds it in the clone that stored it."""

    def __init__(self, repository: Repository, objects: Objects, tree: str, extras: str, paths: Collection[str]) -> None:
        self._repository = repository
        self._objects = objects
        self._tree = tree
        self._extras = extras
        self._paths = paths

    def open(self, path: str) -> BinaryIO:
        """Open the bytes of a file, fetching them if need be; MissingLargeFileError where they do not come."""
        if path in self._stored_here:
            return self._objects.open(self._extras, path)
        self._bring([path])
        place = self._pointers[path].place(self._repository)
        try:
            return place.open("rb")
        except OSError as error:
            raise FileAccessError(place, error) from error

    def sizes(self, paths: Collection[str]) -> dict[str, int]:
        """Answer how large these are, once all of them are here; MissingLargeFileError where they do not come."""
        self._bring(paths)
        return {path: self._pointers[path].size for path in paths}

    def lacking(self) -> list[str]:
        """Name those whose content is damaged here, or is not here and can be fetched from nowhere."""
        beyond = [path for path in self._paths if path not in self._stored_here]
        has_origin = self._repository.remote_origin_url is not None
        return [path for path in beyond if not self._is_sound(path, has_origin=has_origin)]

    @cached_property
    def _pointers(self) -> Mapping[str, Pointer]:
        listing = read_tree(self._repository, self._tree)
        found = pointers(self._repository, {path: listing[path] for path in self._paths if path in listing})
        for path in self._paths:
            if path not in found:
                raise MissingObjectError(f"the content of {path}")
        return found

    @cached_property
    def _stored_here(self) -> Collection[str]:
        if not self._extras:
            return ()
        try:
            there = {entry.path for entry in self._objects.entries(self._extras)}
            return there - {*self._objects.missing(self._extras)}
        except (MissingObjectError, DamagedObjectError):
            return ()  # it was stored in another clone

    def _is_sound(self, path: str, *, has_origin: bool) -> bool:
        pointer = self._pointers[path]
        return pointer.is_whole(self._repository) if pointer.is_here(self._repository) else has_origin

    def _bring(self, paths: Collection[str]) -> None:
        absent = self._absent(paths)
        if not absent:
            return
        try:
            fetch_lfs(self._repository, _ORIGIN, [commit_for(self._repository, self._tree)])
        except (ToolFailedError, ToolMissingError) as error:
            raise MissingLargeFileError(absent[0], error.message) from error
        if left := self._absent(paths):
            raise MissingLargeFileError(left[0], "its origin does not have it")

    def _absent(self, paths: Collection[str]) -> list[str]:
        beyond = [path for path in paths if path not in self._stored_here]
        return [path for path in beyond if not self._pointers[path].is_here(self._repository)]


def comes_back(repository: Repository, listing: Mapping[str, Item], changed: Mapping[str, str]) -> bool:
    """Tell whether git-lfs gives back all of these files as they are; `changed` are the ids that git stored them under."""
    stored = {path: Item(listing[path].mode, identity) for path, identity in changed.items()}
    found = pointers(repository, stored)
    if found.keys() != changed.keys():
        return False
    return all(
        each.is_here(repository) and hash_file(each.place(repository), repository.algorithm) == listing[path].id
        for path, each in found.items()
    )
