"""How a workspace's metadata is versioned."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dws_core.model.resource import Resource
from dws_core.model.version import Version
from dws_core.plugin.context import Context


@dataclass(frozen=True)
class Commit:
    """One step of the metadata's history: files of ours, by path from the workspace's top, and what it is about.

    `versions` are the resources whose version this commit records; a backend that carries a resource's content itself
    (IN_HISTORY) finds it there and commits that version of it; what lies in the directory at that moment does not count.
    """

    message: str
    paths: tuple[str, ...]
    versions: Sequence[tuple[Resource, Version]] = ()


class Backend(ABC):
    """The history of one workspace's metadata."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @property
    def root(self) -> Path:
        """The workspace's top directory."""
        return self.context.root

    @classmethod
    def check_init(cls, root: Path) -> None:
        """B1: raise an error if no workspace can be made at `root` (which exists); change nothing."""

    @abstractmethod
    def init(self) -> None:
        """B2: make the history, or use the one that is there; may be called again."""

    def check(self) -> None:
        """B3: raise an error if nothing could be committed now; change nothing."""

    @abstractmethod
    def commit(self, commit: Commit) -> None:
        """B4: record these files as they are now. Afterwards it has happened, before it has not: never in between.

        Nothing of the user's that was not named is recorded or changed.
        """

    @abstractmethod
    def holds(self, path: str) -> bool:
        """B5: tell whether the file at this path is recorded."""

    def hide(self, path: str) -> None:
        """B6: keep a directory that is a resource of its own out of this history; may be called again."""

    def show(self, path: str) -> None:
        """B12: take back B6, of a directory that is no resource any more; may be called again, and of one that is not hidden."""

    def stale_files(self) -> Sequence[Path]:
        """B7: name the lock files that a commit of ours, ended in the middle, may leave, for the journal."""
        return ()

    def carries(self, path: str) -> bool:
        """B9: tell whether a clone of this history brings anything at this path, or below it."""
        return False

    def repair(self) -> None:
        """B8: finish what a commit of ours that has happened left undone when it was ended; may be called at any time."""

    def recorded(self, directory: str) -> Sequence[str]:
        """B10: name files that the history holds below a directory, by path from the workspace's top; none is always right."""
        return ()

    def recover(self, path: str) -> bytes | None:
        """B11: give the bytes that the history holds of a file that B10 names, whatever lies there now; None of any other."""
        return None
