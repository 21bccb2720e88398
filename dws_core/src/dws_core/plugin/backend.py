"""How a workspace's metadata is versioned."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import NotShareableError
from dws_core.model.resource import Resource
from dws_core.model.version import Version
from dws_core.plugin.context import Context
from dws_core.plugin.settings import Settings


@dataclass(frozen=True)
class Commit:
    """One step of the metadata's history: files of ours, by path from the workspace's top, and what it is about.

    `versions` are the resources whose version this commit records; a backend that carries a resource's content itself
    (IN_HISTORY) finds it there and commits that version of it; what lies in the directory at that moment does not count.
    """

    message: str
    paths: tuple[str, ...]
    versions: Sequence[tuple[Resource, Version]] = ()


@dataclass(frozen=True)
class Incoming:
    """What the origin's history has and this clone's does not.

    `tip` is the backend's own word for where it ends. `records` are the files below the metadata's directory that are new here,
    with their bytes, by path from the workspace's top. `paths` are the other files that merging would write, change or remove.
    """

    tip: str
    records: Mapping[str, bytes]
    paths: tuple[str, ...] = ()


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

    def set_up(self, settings: Settings) -> Sequence[str]:
        """B21: do what `dws init` was asked for beside, once, and name the files of the user's that are recorded with it."""
        return ()

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

    @property
    def origin(self) -> str | None:
        """B13: where the history is pushed to and pulled from, as people may see it (no password); None where nowhere."""
        return None

    def check_origin(self, url: str) -> str:
        """B22: give a URL that may become the origin as people may see it; an error for what never can. Nothing is contacted."""
        return url

    def publish(self, url: str) -> None:
        """B14: make a URL the origin, which may be empty yet; an error, with nothing changed, where it cannot be reached.

        An origin whose history belongs to something else is refused.
        """
        raise NotShareableError(type(self).__name__)

    def fetch(self) -> Incoming | None:
        """B15: get what the origin has, and change nothing that people see; None where it has nothing new."""
        raise NotShareableError(type(self).__name__)

    def check_merge(self, incoming: Incoming) -> None:
        """B16: raise an error that names the files, if merging would overwrite what is not recorded here; change nothing."""

    def merge(self, incoming: Incoming) -> Sequence[str]:
        """B17: let this clone's history hold both, and its files be those of both; the records of both stay, whatever was done.

        Names the files whose changes contradict each other: those are left to the tool that keeps the history, and all else is
        merged. Until then it has happened or it has not; what is left to do where it was ended, `repair` does.
        """
        raise NotShareableError(type(self).__name__)

    def way_on(self, verb: str) -> str:
        """B17: tell how a user goes on from contradicting changes, to `dws VERB` again."""
        return f"settle them, then `dws {verb}` again"

    def push(self) -> bool:
        """B18: send this clone's history to the origin; False, with nothing sent, where the origin has something new."""
        raise NotShareableError(type(self).__name__)

    def is_ahead(self) -> bool:
        """B19: tell whether this clone's history holds what the origin, as it was last seen, does not; nothing is contacted."""
        return False

    @classmethod
    def clone(cls, url: str, root: Path, context: Context) -> None:
        """B20: make the empty directory `root` a clone of the workspace at a URL, its origin; run nothing of what it holds.

        An error, and `root` may hold anything, where there is no workspace, or one that would reach outside.
        """
        raise NotShareableError(cls.__name__)
