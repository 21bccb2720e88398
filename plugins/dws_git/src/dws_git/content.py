"""The content of one directory of a working tree, kept in git, and in the object store where git cannot hold it."""

import io
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from dws_core.errors import DamagedObjectError, MissingObjectError
from dws_core.model.codec import Json, JsonObject
from dws_core.model.version import Version
from dws_core.plugin import Objects
from dws_git.blobs import store_files, store_texts
from dws_git.errors import MissingCommitError
from dws_git.large_content import LargeContent, comes_back
from dws_git.listing import DIRECTORY, EXECUTABLE, FILE, Item, Listing, renamed, tops
from dws_git.repository import Repository
from dws_git.trees import read_tree, write_tree

_IN_MEMORY = 16 << 20
_MOST_BESIDE = 200


@dataclass(frozen=True)
class Stored:
    """How a listing is kept: a tree, as `git add` makes it, and in the object store what that does not give back.

    `extras` is a tree of the object store with the files that git changes; `exact` a text that lists those files as they
    are, and the empty directories. Both are "" where there are none. Where git-lfs gives back all of those files, `beside`
    is that list itself, and what lies in the object store only saves fetching.
    """

    tree: str
    extras: str = ""
    exact: str = ""
    beside: Mapping[str, Item] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        beside: dict[str, Json] = {path: f"{item.mode} {item.id}" for path, item in self.beside.items()}
        facts: dict[str, Json] = {"tree": self.tree, "extras": self.extras, "exact": self.exact, "beside": beside}
        return {name: value for name, value in facts.items() if value}

    def needs(self) -> frozenset[str]:
        """What of it in the object store must travel for it to be brought back."""
        return frozenset() if self.beside else frozenset({self.extras, self.exact} - {""})

    @property
    def large(self) -> frozenset[str]:
        """The files that git-lfs gives back."""
        return frozenset(path for path, item in self.beside.items() if item.mode != DIRECTORY)

    @classmethod
    def of(cls, version: Version) -> "Stored | None":
        """Read it from a version's data; None where there is no tree."""
        found = [version.data.get(name, "") for name in ("tree", "extras", "exact")]
        tree, extras, exact = (each if isinstance(each, str) else "" for each in found)
        return cls(tree, extras, exact, _beside(version.data.get("beside"))) if tree.isalnum() else None


def commit_in(version: Version) -> str:
    """Name the commit of a version; MissingCommitError where it names none."""
    commit = version.data.get("commit")
    if not isinstance(commit, str) or not commit.isalnum():
        raise MissingCommitError(f"the commit of version {version.short}")
    return commit


def stored_in(version: Version) -> Stored:
    """Tell how a version is kept: as its commit where it is all of it."""
    return Stored.of(version) or Stored(commit_in(version))


@dataclass(frozen=True)
class Move:
    """What changes in a listing when results move: top-level names `old: new`, and files that are written."""

    tops: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def store(
    repository: Repository,
    objects: Objects,
    directory: Path,
    listing: Listing,
    changed: Mapping[str, str],
    scratch: Path,
    move: Move,
    *,
    with_lfs: bool = False,
) -> tuple[Listing, Stored]:
    """Store what lies in a directory, and answer its listing after the move and how it is kept.

    `changed` names the files that git stores otherwise than they are, with the ids that it stored them under; `with_lfs` says
    that what git-lfs keeps of them goes wherever the tree goes.
    """
    store_files(repository, directory, {path: item for path, item in listing.items() if path not in changed}, scratch)
    after = renamed(listing, move.tops)
    texts = store_texts(repository, [*move.files.values()], scratch)
    after.update({path: Item("100644", identity) for path, identity in zip(move.files, texts, strict=True)})
    as_added = dict(after)
    as_added.update(renamed({path: Item(listing[path].mode, identity) for path, identity in changed.items()}, move.tops))
    extras = objects.store_paths(directory, changed) if changed else ""
    if extras:
        moved = {old: new for old, new in move.tops.items() if old in tops(changed)}
        extras = objects.edit(extras, moves=moved, files={}) if moved else extras
    moved_paths = renamed({path: listing[path] for path in changed}, move.tops)
    inexact = {path: item for path, item in after.items() if item.mode == DIRECTORY or path in moved_paths}
    tree = write_tree(repository, as_added, scratch)
    if with_lfs and _is_short(inexact) and comes_back(repository, listing, changed):
        return after, Stored(tree, extras, beside=inexact)
    return after, Stored(tree, extras, objects.put(_dump(inexact)) if inexact else "")


def read(repository: Repository, objects: Objects, stored: Stored) -> Listing:
    """List what was stored, as it was on disk."""
    listing = read_tree(repository, stored.tree)
    listing.update(inexact(objects, stored))
    return listing


def inexact(objects: Objects, stored: Stored) -> Listing:
    """List what of it git alone does not give back."""
    if stored.beside or not stored.exact:
        return dict(stored.beside)
    try:
        return {path: Item(mode, identity) for mode, identity, path in _rows(objects.get(stored.exact))}
    except ValueError as error:
        raise DamagedObjectError(f"the list {stored.exact}") from error


def lacking(repository: Repository, objects: Objects, names: Sequence[str], stored: Stored | None) -> list[str]:
    """Name what is not there of these commits and trees, and of what is kept beside them in the object store."""
    found: list[str] = []
    for name in names:
        listed = repository.git.ask("rev-list", "--objects", "--no-walk", "--missing=print", name)
        if listed is None:
            found.append(f"the git object {name} of {repository.top}")
            continue
        gone = [line[1:].decode() for line in listed.splitlines() if line.startswith(b"?")]
        found += [f"the git object {identity} of {repository.top}" for identity in gone]
    try:
        if stored is not None:
            inexact(objects, stored)
            found += [f"the content of {path}" for path in _absent(repository, objects, stored)]
    except (MissingObjectError, DamagedObjectError) as error:
        found.append(error.message)
    return found


def open_stored(repository: Repository, objects: Objects, stored: Stored, path: str) -> BinaryIO:
    """Open the bytes of a stored file (of a symlink: its target) as they were; FileNotFoundError if there is none."""
    aside = inexact(objects, stored).get(path)
    if aside is not None and aside.mode == DIRECTORY:
        raise FileNotFoundError(path)
    if aside is not None:
        return opening_aside(repository, objects, stored)(path)
    found = repository.git.run("ls-tree", "-z", "--full-tree", stored.tree, "--", path) if path else b""
    mode, _, rest = found.partition(b" ")
    if mode not in (b"100644", b"100755", b"120000"):
        raise FileNotFoundError(path)
    return open_blob(repository, rest.split()[1].decode())


def opening_aside(repository: Repository, objects: Objects, stored: Stored) -> Callable[[str], BinaryIO]:
    """Answer what opens the bytes of a file that git alone does not give back."""
    return large_content(repository, objects, stored).open if stored.beside else partial(objects.open, stored.extras)


def large_content(repository: Repository, objects: Objects, stored: Stored) -> LargeContent:
    """What git-lfs gives back of it."""
    return LargeContent(repository, objects, stored.tree, stored.extras, stored.large)


def open_blob(repository: Repository, identity: str) -> BinaryIO:
    """Open a stored blob; MissingObjectError if it is not there."""
    try:
        blob = repository.git.blob(identity)
    except LookupError as error:
        raise MissingObjectError(f"the git object {identity} of {repository.top}") from error
    if blob.size <= _IN_MEMORY:
        return io.BytesIO(blob.read())
    content = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  # whoever reads it closes it
    while chunk := blob.read(1 << 20):
        content.write(chunk)
    content.seek(0)
    return content


def _absent(repository: Repository, objects: Objects, stored: Stored) -> Sequence[str]:
    if stored.beside:
        return large_content(repository, objects, stored).lacking()
    return objects.missing(stored.extras) if stored.extras else ()


def _is_short(listing: Mapping[str, Item]) -> bool:
    """Tell whether a list may stand in a record: it is not long, and its names are texts."""
    return len(listing) <= _MOST_BESIDE and all(path.isprintable() for path in listing)


def _beside(found: Json) -> dict[str, Item]:
    """Read such a list; one that is no list of ours is none."""
    if not isinstance(found, dict):
        return {}
    items = {path: Item(*text.partition(" ")[::2]) for path, text in found.items() if isinstance(text, str)}
    is_ours = all(item.mode in (FILE, EXECUTABLE, DIRECTORY) for item in items.values())
    return items if is_ours and len(items) == len(found) else {}


def _dump(listing: Mapping[str, Item]) -> bytes:
    rows = sorted((path, item) for path, item in listing.items())
    return b"".join(f"{item.mode} {item.id} ".encode() + os.fsencode(path) + b"\0" for path, item in rows)


def _rows(content: bytes) -> Iterable[tuple[str, str, str]]:
    for row in content.split(b"\0")[:-1]:
        mode, identity, path = os.fsdecode(row).split(" ", 2)
        yield mode, identity, path
