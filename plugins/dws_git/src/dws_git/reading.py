"""The files of a recorded version, read from git and the object store without a working tree."""

import hashlib
import posixpath
import weakref
from collections.abc import Callable
from functools import cached_property
from threading import RLock
from typing import BinaryIO

from dws_core.plugin import Files, ListedFiles, Objects
from dws_git.content import Stored, inexact, open_blob, opening_aside
from dws_git.listing import DIRECTORY, EXECUTABLE, FILE, SUBMODULE, SYMLINK, Item, Listing, below, tree_id
from dws_git.repository import Repository
from dws_git.stored_files import sizes

_MOST_LINKS = 40


def recorded_files(
    resource: str, version: str, repository: Repository, objects: Objects, stored: Stored, listing: Callable[[], Listing]
) -> Files:
    """Give the files of the version of that id; `listing` lists it, and git's process ends when they are no longer in use."""
    found = _Recorded(version, repository, objects, stored, listing)
    files = ListedFiles(resource, lambda: found.listing, found.open, measure=lambda: found.sizes, identify=found.identify)
    weakref.finalize(files, repository.git.close)
    return files


class _Recorded:
    """Reads one file after the other, since there is one process that gives them."""

    def __init__(
        self, version: str, repository: Repository, objects: Objects, stored: Stored, listing: Callable[[], Listing]
    ) -> None:
        self._version = version
        self._repository = repository
        self._objects = objects
        self._stored = stored
        self._list = listing
        self._lock = RLock()

    @cached_property
    def listing(self) -> Listing:
        with self._lock:
            return self._list()

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The size of each file; of a link it is that of the file it leads to, or none if it leads nowhere."""
        files = [path for path, item in self.listing.items() if item.mode in (FILE, EXECUTABLE)]
        with self._lock:
            found = sizes(self._repository, self._objects, self._stored, self.listing, files)
        links = [path for path, item in self.listing.items() if item.mode == SYMLINK]
        return {**found, **{path: found.get(self._follow(path), 0) for path in links}}

    def open(self, path: str) -> BinaryIO:
        path = self._follow(path)
        item = self.listing.get(path)
        if item is None or item.mode in (SYMLINK, DIRECTORY, SUBMODULE):
            raise FileNotFoundError(path)
        return self._open(path, item)

    def identify(self, path: str) -> str:
        """Give the id that `current` gives to the same content."""
        item = self.listing.get(path)
        if not path:
            return self._version
        if item is None or item.mode in (DIRECTORY, SUBMODULE):
            return tree_id(below(self.listing, path), self._repository.algorithm)
        digest = hashlib.sha256()
        with self._open(path, item) as file:
            for part in iter(lambda: file.read(1 << 20), b""):
                digest.update(part)
        return digest.hexdigest() + {EXECUTABLE: "-executable", SYMLINK: "-symlink"}.get(item.mode, "")

    def _follow(self, path: str) -> str:
        for _ in range(_MOST_LINKS):
            item = self.listing.get(path)
            if item is None or item.mode != SYMLINK:
                break
            with self._open(path, item) as target:
                leads = target.read().decode("utf-8", "surrogateescape")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), leads))
        return path

    def _open(self, path: str, item: Item) -> BinaryIO:
        with self._lock:
            if path in self._aside:
                return opening_aside(self._repository, self._objects, self._stored)(path)
            return open_blob(self._repository, item.id)

    @cached_property
    def _aside(self) -> Listing:
        return inexact(self._objects, self._stored)
