"""The object store as a resource type sees it: content by hash, and trees of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from dws_core.model.changes import Changes, RestorePlan


class EntryKind(StrEnum):
    """What a tree can hold."""

    FILE = "file"
    EXECUTABLE = "executable"
    SYMLINK = "symlink"
    DIRECTORY = "directory"


@dataclass(frozen=True)
class Entry:
    """One thing in a tree: its path (`a/b`, undecodable bytes as surrogates), kind, object id and size in bytes."""

    path: str
    kind: EntryKind
    id: str
    size: int


class Objects(Protocol):
    """Content by hash. Ids are 64 hexadecimal digits; a tree's id is equal exactly when all content below it is.

    A tree holds files with their content and executable bit, symlinks and directories, empty ones too. Names are bytes.
    What cannot be held (a fifo, a socket, a device, a nested `.git` or `.dataworkspace`) is an UnsupportedFileError.
    Paths are relative to the directory or tree, with `/`, undecodable bytes as surrogates.

    An object lives as long as a version that names its id in full, anywhere in the version's id or data; with a tree lives all
    below it. What no version of a snapshot or undo entry names is removed by `dws gc`; what an object names in its own bytes
    does not count, unless it is a tree.
    """

    def put(self, content: bytes) -> str:
        """Store bytes and answer their id."""
        ...

    def get(self, object_id: str) -> bytes:
        """Give stored bytes back; MissingObjectError or DamagedObjectError."""
        ...

    def scan(self, directory: Path) -> str:
        """Answer the id of the tree that a directory is now, storing nothing. Unchanged files are not read again."""
        ...

    def store(self, directory: Path) -> str:
        """Store all that a directory holds and answer the tree's id. Later `restore` gives back every byte."""
        ...

    def store_paths(self, directory: Path, paths: Iterable[str]) -> str:
        """Store only these files, symlinks and (empty) directories, as a tree."""
        ...

    def identify(self, directory: Path, path: str) -> str:
        """Answer the id of one file, symlink or directory below a directory as it is now, storing nothing.

        Of a file that is the SHA-256 of its content (above 64 MiB: of its list of blocks), of a directory its tree's.
        FileNotFoundError if there is nothing.
        """
        ...

    def listing(self, directory: Path) -> Iterator[Entry]:
        """Yield all that a directory holds now, as `entries` does of a stored tree, storing nothing."""
        ...

    def edit(self, tree: str, *, moves: Mapping[str, str], files: Mapping[str, bytes]) -> str:
        """Make a new tree from a stored one, touching no file: entries moved (`old: new`), then files added."""
        ...

    def entries(self, tree: str) -> Iterator[Entry]:
        """Yield all that a stored tree holds, in the order of the bytes of the paths; directories too."""
        ...

    def children(self, tree: str) -> Iterator[Entry]:
        """Yield what a stored tree holds directly, in the order of the bytes of the names, reading nothing further down."""
        ...

    def open_entry(self, entry: Entry) -> BinaryIO:
        """Open the content of a file that `entries` or `children` told of, or the target of a symlink, for reading."""
        ...

    def compare(self, old: str | None, new: str) -> Changes:
        """Tell what differs between two stored trees; None is an empty one."""
        ...

    def changes_since(self, tree: str | None, directory: Path) -> Changes:
        """Tell what differs between a stored tree and what a directory holds now; None is an empty tree."""
        ...

    def open(self, tree: str, path: str) -> BinaryIO:
        """Open one file of a stored tree for reading; FileNotFoundError if the tree has no such file."""
        ...

    def plan(self, tree: str, directory: Path) -> RestorePlan:
        """Tell what `restore` would do, and check that all it needs is present and intact, and fits on the disk."""
        ...

    def restore(self, tree: str, directory: Path) -> str:
        """Make a directory what the tree says, touching only what differs, and answer the id of the tree that it is then.

        Files appear by rename, whole, but for large ones of which only few blocks differ: those are rewritten in place.
        Nothing is written through a symlink. Every new content is staged and checked
        before the first visible byte changes. What changed since the directory was looked at is an UnstableFileError, and
        stays. Ended in the middle, it may be called again with the same result.
        """
        ...

    def overlay(self, tree: str, directory: Path) -> None:
        """Write all that a tree holds into a directory as `restore` does, removing nothing else."""
        ...

    def missing(self, tree: str) -> tuple[str, ...]:
        """Name the paths of a tree whose content is not in this clone."""
        ...
