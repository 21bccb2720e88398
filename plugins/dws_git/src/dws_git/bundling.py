"""What a version needs of a repository that nothing may be pushed from, packed into the object store."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import DamagedObjectError, MissingObjectError
from dws_core.model.exchange import Exchange
from dws_core.model.version import Version
from dws_core.plugin import EntryKind, Objects
from dws_git.blobs import missing
from dws_git.errors import MissingCommitError
from dws_git.exchanging import REMOTE, beyond
from dws_git.keeping import keep, names_in, roots_of
from dws_git.repository import Repository

_ID = re.compile(r"[0-9a-f]{64}")
_SMALL, _PART = 1 << 20, 48 << 20
_LONGEST = 20  # after so many bundles, each with what is new since the last, one that holds all is made


class Bundles:
    """The bundles that hold what the origin lacks, each built on those before; what they hold is remembered in a file."""

    def __init__(self, repository: Repository, objects: Objects, private: Path) -> None:
        self._repository = repository
        self._objects = objects
        self._memory = private / "bundles.json"

    def store(self, commits: Sequence[str], scratch: Path) -> list[str]:
        """Store what of these commits the origin, as it was last seen, does not have; the trees that hold it, none if nothing."""
        remote = [*self._repository.refs(REMOTE).values()]
        if not beyond(self._repository, commits, remote):
            return []
        trees, held = self._remembered()
        fresh = beyond(self._repository, commits, [*remote, *held])
        if not fresh:
            return [self._again(tree, scratch) for tree in trees]
        if len(trees) >= _LONGEST:
            trees, held = [], []
            fresh = beyond(self._repository, commits, remote)
        trees = [*(self._again(tree, scratch) for tree in trees), self._pack(fresh, [*remote, *held], scratch)]
        beside = self._memory.with_name(f"{self._memory.name}.{os.getpid()}")
        beside.write_text(json.dumps({"trees": trees, "commits": [*held, *fresh]}))
        beside.replace(self._memory)
        return trees

    def _pack(self, commits: Sequence[str], known: Sequence[str], scratch: Path) -> str:
        place = scratch / "bundle"
        place.mkdir()
        given = "".join(f"{line}\n" for line in (*commits, *(f"^{tip}" for tip in known))).encode()
        options = ("--revs", "--quiet", f"--max-pack-size={_PART}")
        self._repository.git.run("pack-objects", *options, str(place / "objects"), given=given)
        return self._objects.store_paths(place, sorted(path.name for path in place.glob("*.pack")))

    def _again(self, tree: str, scratch: Path) -> str:
        """Store a bundle once more, which is nothing unless it was stored for undo alone: such objects never leave the clone."""
        entries = [*self._objects.entries(tree)]
        if any(entry.size > _PART for entry in entries):
            self._objects.overlay(tree, scratch / tree)
            return self._objects.store_paths(scratch / tree, [entry.path for entry in entries])
        for entry in entries:
            if entry.size <= _SMALL:
                self._objects.put(self._objects.get(entry.id))
        return self._objects.edit(tree, moves={}, files={})

    def _remembered(self) -> tuple[list[str], list[str]]:
        """The bundles that were made before, and the commits that they hold; none where one of them is gone by now."""
        try:
            known = json.loads(self._memory.read_bytes())
            trees, held = [*map(str, known["trees"])], [*map(str, known["commits"])]
            if any(self._objects.missing(tree) for tree in trees):
                return [], []
        except (OSError, ValueError, KeyError, TypeError, MissingObjectError, DamagedObjectError):
            return [], []  # it only saves room
        return trees, held


def named_in(version: Version) -> list[str]:
    """The bundles that a version names."""
    found = version.data.get("bundle", [])
    return [each for each in found if isinstance(each, str) and _ID.fullmatch(each)] if isinstance(found, list) else []


def is_bundled(repository: Repository, objects: Objects, version: Version) -> bool:
    """Tell whether what a version names is not in the repository, but would be brought there from its bundles."""
    trees = named_in(version)
    try:
        return bool(trees and missing(repository, names_in(version))) and not any(objects.missing(tree) for tree in trees)
    except (MissingObjectError, DamagedObjectError):
        return False


def bring(repository: Repository, objects: Objects, version: Version, clone: str) -> None:
    """Make sure that what a version names is in the repository, from its bundles if need be; MissingCommitError."""
    names = names_in(version)
    if not names:
        raise MissingCommitError(f"the commit of version {version.short}")
    if not missing(repository, names):
        return
    for tree in named_in(version):
        for entry in objects.entries(tree):
            if entry.kind is EntryKind.FILE:
                with objects.open(tree, entry.path) as content:
                    repository.git.feed("index-pack", "--stdin", "--fix-thin", chunks=_parts(content))
    absent = missing(repository, names)
    if absent:
        raise MissingCommitError(f"the git object {min(absent)} of {repository.top}")
    if named_in(version):
        keep(repository, clone, roots_of(repository, [version]))


def unsent(why: str, repository: Repository, versions: Sequence[Version]) -> Exchange:
    """Say why nothing is pushed, and how many of these versions were recorded in no bundle and are here alone."""
    unbundled = [version for version in versions if not named_in(version)]
    alone = len(beyond(repository, roots_of(repository, unbundled), [*repository.refs(REMOTE).values()]))
    return Exchange(f"{why}; {alone} of its versions are only in this clone" if alone else why, False)


def _parts(content: BinaryIO) -> Iterator[bytes]:
    while part := content.read(1 << 20):
        yield part
