"""The object store as a resource type sees it: content by hash, and trees of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
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

    def keeping(self) -> AbstractContextManager[Callable[[Path], Entry]]:
        """Store single files and symlinks of this machine, as in `with objects.keeping() as keep: entry = keep(download)`.

        The entry's path is the file's name; its kind, id and size are those that `store` gives it in a directory. The file may
        be removed once its entry is answered. Several threads may call at once; small files share few packs, and a large one
        is read by several threads. How far it is, the caller tells, who knows how much comes. What was kept lasts once the
        block has ended without an error, or once `tree` has made a tree of it. Ended in the middle, nothing is half there, and
        what is there counts no more than anything that no version names: keep it again, which writes only what is not there.
        PathMissingError where there is no file, UnstableFileError.
        """
        ...

    def tree(self, entries: Iterable[Entry]) -> str:
        """Make a tree of entries whose objects are stored, and answer the id that `store` gives a directory that holds them.

        They come in any order; directories above a file need none. One of a directory says only that it is there, also if it
        is empty: its id and size do not count. PathRefusedError where a path cannot be one of a tree, EntryTakenError where
        one stands twice or below a file, UnsupportedFileError where one is nested too deep, EntrySizeError where an object
        has another size, MissingObjectError where there is none. Nothing of the tree counts before it is answered. Each entry
        takes some 90 bytes of memory and those of its path until then, and those in one directory as many again.
        """
        ...

    def tree_id(self, entries: Iterable[Entry]) -> str:
        """Answer the id that `tree` gives, storing nothing; whether the objects are there does not count. The same errors."""
        ...

    def lacking(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield those of some files whose content is not whole in this clone, so that `tree` can make no tree of them."""
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
