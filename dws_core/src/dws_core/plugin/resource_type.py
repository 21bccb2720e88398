"""A type of resource: where its content lives, how a version of it is recorded and brought back."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from dws_core.errors import NotReadableError, NotRestorableError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.codec import JsonObject
from dws_core.model.exchange import Exchange
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin.context import Context
from dws_core.plugin.directory_files import DirectoryFiles
from dws_core.plugin.files import Files
from dws_core.plugin.listed_files import ListedFiles
from dws_core.plugin.settings import Settings

S = TypeVar("S", bound=Settings)


@dataclass(frozen=True)
class Proposal(Generic[S]):
    """What `dws add` would record: settings checked and completed, nothing changed yet.

    `type` may name another type of the same plugin that fits better. `remarks` are told to the user.
    """

    settings: S
    name: str
    local_path: Path | None = None
    type: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultsMove:
    """Where the results of one snapshot go: a directory inside the resource, `snapshots/HOST-TAG`.

    `stay` names the top-level entries that do not move. `files` are written beside the results (`lineage.json`).
    """

    destination: str
    stay: frozenset[str] = frozenset()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """How what is here stands to what lies at the origin: one line for people, and the same for programs."""

    text: str
    facts: JsonObject = field(default_factory=dict)


class ResourceType(ABC, Generic[S]):
    """One resource at work. Made for each command; making it touches nothing and may be done without the resource there."""

    def __init__(self, resource: Resource, settings: S, context: Context) -> None:
        self.resource = resource
        self.settings = settings
        self.context = context

    @classmethod
    def propose(cls, settings: S, role: Role, root: Path) -> Proposal[S]:
        """R1: check what the user gave for `dws add`, and complete it; change nothing. `root` is the workspace's top."""
        raise NotImplementedError

    def create(self) -> None:
        """R2: make what must exist once the resource is added (a directory); called once, may be called again."""

    @property
    def local_path(self) -> Path | None:
        """The directory of this machine where the content lies; needed by LOCAL_PATH."""
        return None

    @abstractmethod
    def check(self) -> None:
        """R3: raise an error if a snapshot could not be taken now; change nothing."""

    @abstractmethod
    def current(self, subpath: str = "") -> Version:
        """R4: answer the version of what is there now, or of what lies below a path of it, storing nothing.

        Equal exactly when the content is equal: a change is never missed because size or time happened to match.
        FileNotFoundError where there is nothing at that path.
        """

    @abstractmethod
    def snapshot(self, move: ResultsMove | None = None) -> Version:
        """R5: store what is needed to bring the content back, and answer its version.

        Visible content is not touched. With a move, the version is that of the content as it will be after the move.
        """

    def move_results(self, version: Version, move: ResultsMove) -> None:
        """R6: move the results of that version to their directory and write the files beside them; needed by HOLDS_RESULTS.

        It may be called again after it was ended in the middle, with the same result. What changed since the version was
        stored stays where it is, and the stored bytes are written at the destination.
        """
        raise NotImplementedError

    @abstractmethod
    def changes_since(self, version: Version | None) -> Changes:
        """R7: tell what differs between a recorded version and what is there now; None is nothing at all."""

    @abstractmethod
    def compare(self, old: Version | None, new: Version) -> Changes:
        """R8: tell what differs between two recorded versions; None is nothing at all."""

    def plan(self, version: Version) -> RestorePlan:
        """R9: tell what `restore` would do, and raise an error if it could not be done; change nothing."""
        raise NotRestorableError(self.resource.name, "its type cannot bring content back")

    def restore(self, version: Version) -> Version:
        """R10: make the content that of the version; only what differs is touched; needed by RESTORABLE.

        Answers the version of what is there afterwards, which is another one where somebody changed the content meanwhile.
        It may be called again after it was ended in the middle, with the same result.
        """
        raise NotRestorableError(self.resource.name, "its type cannot bring content back")

    def open(self, version: Version, path: str) -> BinaryIO:
        """R11: open a file of a recorded version for reading; FileNotFoundError where it holds none."""
        raise FileNotFoundError(path)

    def declare(self, version: str) -> Version:
        """R13: take the version that a user or a step gives; needed by DECLARED."""
        raise NotImplementedError

    def verify(self, version: Version) -> Sequence[str]:
        """R14: name what of a recorded version could not be given back; nothing where all of it can be.

        The core looks after the object store by itself: this is for what lies elsewhere, and for a root that got lost.
        """
        return ()

    def needs(self, version: Version) -> frozenset[str]:
        """R15: name the objects that a recorded version needs, so that they travel with it; of a tree, its root suffices.

        A name that is no object's does no harm.
        """
        return version.named_ids

    def add_results(self, version: Version, directory: str) -> bool:
        """R16: bring the directory of a recorded version's results to where it lies, and tell whether it was not there.

        Where something lies there already, nothing is changed. Needed by HOLDS_RESULTS, unless IN_HISTORY brings it; what is
        REMOTE lies there for everybody.
        """
        return False

    @property
    def origin(self) -> str | None:
        """R17: where the content is obtained from, or lies, as people may see it (no password); needed by ORIGIN and REMOTE.

        What records say of the place is in it in full, since that is what people accept. None: nowhere.
        """
        return None

    def obtain(self) -> None:
        """R18: get the content from its origin to where nothing lies yet; needed by ORIGIN.

        Ended anywhere, it may be done again.
        """
        raise NotImplementedError

    def push(self, versions: Sequence[Version], *, dry_run: bool = False) -> Exchange:
        """R19: send to the origin what is here, and whatever these recorded versions need; needed by ORIGIN.

        An error, with nothing overwritten there, where the origin went another way.
        """
        raise NotImplementedError

    def pull(self, *, dry_run: bool = False) -> Exchange:
        """R20: take what the origin has, if nothing here contradicts it, and what others' versions need; needed by ORIGIN.

        An error, with nothing changed here, where both went on, or what is not recorded would be overwritten.
        """
        raise NotImplementedError

    def files(self, version: Version | None = None) -> Files:
        """R21: give the files of a recorded version, or (None) those that are there now, to be listed, read and written.

        NotReadableError where there are none. By default a recorded version is read through `compare` and `open`, which is slow:
        a file is opened for each size that is told.
        """
        if version is not None:
            return ListedFiles(
                self.resource.name, lambda: self.compare(None, version).added, lambda path: self.open(version, path)
            )
        if self.local_path is None:
            raise NotReadableError(self.resource.name)
        return DirectoryFiles(self.resource.name, self.local_path, lambda path: self.current(path).id)

    @property
    def view(self) -> Version | None:
        """R22: the version that is seen through us in place of what lies at the origin now; None where that itself is seen.

        A type that brings a version back without changing anything there has such a view, and everything else then speaks of
        what is seen. Nothing is contacted.
        """
        return None

    def live(self) -> Version:
        """R23: store what is needed of what lies at the origin now, whatever is seen, and answer its version.

        To restore that version is to leave the view.
        """
        return self.snapshot()

    def annotate(self, version: Version) -> Version:
        """R24: add to the data of a version that a snapshot is about to record what is known of it now alone; its id stays.

        The origin may be contacted, if that was accepted; where it cannot be, the version is recorded without.
        """
        return version

    def standing(self, version: Version | None) -> Standing | None:
        """R25: ask the origin how it stands to what is here, and what changed since a recorded version; nothing is changed.

        None where there is nothing to tell.
        """
        return None
