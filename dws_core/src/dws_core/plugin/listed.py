"""A resource type of which a listing with hashes is recorded, and not the content."""

import secrets
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import BinaryIO, ClassVar, TypeVar

from dws_core.errors import DamagedObjectError, EntryTakenError, MissingObjectError
from dws_core.model.changes import Changes
from dws_core.model.names import check_relative
from dws_core.model.version import Version
from dws_core.plugin.chunks import written
from dws_core.plugin.differing import changes, compare, compare_rows
from dws_core.plugin.files import Files
from dws_core.plugin.listed_rows import FORM, Listed, identity_of
from dws_core.plugin.manifest import Manifest
from dws_core.plugin.not_kept import NotKeptFiles
from dws_core.plugin.objects import EntryKind
from dws_core.plugin.resource_type import ResourceType, ResultsMove
from dws_core.plugin.settings import Settings

S = TypeVar("S", bound=Settings)


class ListedResourceType(ResourceType[S]):
    """Everything of the contract but `propose`, `check` and `origin`, given what lies there now: `look` and `present`.

    It is REMOTE and not RESTORABLE: whoever adds it is told so by `REMARK`, first among the remarks of its proposal.
    """

    REMARK: ClassVar[str] = (
        "Only a listing of it is recorded: names, sizes and hashes. Its content is not kept, so no version of it can be restored."
    )

    NEVER_WRITTEN: ClassVar[str] = "only a listing of it is recorded, so that what is replaced could not come back"
    """Why its files are only read."""

    trusts_marks: ClassVar[bool] = False
    """Whether a file without a hash counts as the same where its size and mark are. If not, each look takes it for changed."""

    @abstractmethod
    def look(self, below: str = "") -> Iterable[Listed]:
        """L1: tell of all that lies there now, or at least of what lies at a path and below it, in any order, each path once.

        Directories only where they hold nothing. FileNotFoundError where the whole is gone.
        """

    @abstractmethod
    def present(self) -> Files:
        """L2: give the files that are there now, to be listed and read in parts; making it contacts nothing."""

    def current(self, subpath: str = "") -> Version:
        if subpath:
            return Version(identity_of(subpath, self._rows(check_relative(subpath))))
        with written(self._rows(), FORM, self.context.private) as directory:
            return Version(self.context.objects.scan(directory))

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        with written(self._rows(), FORM, self.context.private) as directory:
            return Version(self.context.objects.store(directory))

    def changes_since(self, version: Version | None) -> Changes:
        return changes(compare_rows(self._manifest(version).rows() if version else (), self._rows()))

    def compare(self, old: Version | None, new: Version) -> Changes:
        return changes(compare(self._manifest(old) if old else None, self._manifest(new)))

    def open(self, version: Version, path: str) -> BinaryIO:
        return self.files(version).open(path)

    def verify(self, version: Version) -> Sequence[str]:
        try:
            self.context.objects.get(version.id)
        except (MissingObjectError, DamagedObjectError):
            return (f"the listing {version.short}, which is all of it",)
        return ()

    def needs(self, version: Version) -> frozenset[str]:
        return frozenset({version.id})

    def files(self, version: Version | None = None) -> Files:
        if version is None:
            return self.present()
        return NotKeptFiles(self.resource.name, self._manifest(version), self.present(), self._row_now)

    def _manifest(self, version: Version) -> Manifest[Listed]:
        return Manifest(self.context.objects, version.id, FORM)

    def _rows(self, below: str = "") -> Iterator[Listed]:
        """Give what lies there now in order; EntryTakenError where two lie at one path, which some services allow."""
        last = b""
        for row in sorted(self.look(below), key=attrgetter("key")):
            check_relative(row.path)
            if row.key == last:
                raise EntryTakenError(row.path)
            last = row.key
            yield row if self._is_told(row) else row._replace(mark=secrets.token_hex(8))

    def _is_told(self, row: Listed) -> bool:
        """Tell whether anything of a row says that what lies there is the same as before."""
        return row.hash is not None or self.trusts_marks or row.kind is EntryKind.DIRECTORY

    def _row_now(self, path: str) -> Listed | None:
        """Look anew at what lies at a path; None where nothing does."""
        return next((row for row in self._rows(path) if row.path == path), None)
