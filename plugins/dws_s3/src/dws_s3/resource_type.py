"""A bucket that keeps versions, or a directory of one: recorded where it lies, without copying it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import DwsError, ReadOnlyFilesError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.names import check_relative
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Context, Files, Note, Proposal, ResourceType, ResultsMove, View
from dws_core.plugin.differing import changes
from dws_s3.checksums import with_checksums
from dws_s3.comparing import compare, compare_rows
from dws_s3.connection import Connection
from dws_s3.copies import KnownCopies
from dws_s3.extent import Extent
from dws_s3.files import BucketFiles, ManifestFiles
from dws_s3.probing import check_versioned
from dws_s3.proposing import place_of, propose
from dws_s3.reaching import reaching
from dws_s3.restoring import Restoring
from dws_s3.results import Results
from dws_s3.rows import Row
from dws_s3.settings import VIEW, S3Settings
from dws_s3.whereabouts import Whereabouts

_SHOWN = 20


class S3Resource(ResourceType[S3Settings]):
    """What is current in a bucket below a prefix, or, after a restore by view, what was so when a snapshot was taken."""

    def __init__(self, resource: Resource, settings: S3Settings, context: Context) -> None:
        super().__init__(resource, settings, context)
        connection = Connection(place_of(settings), lambda: context.contact(settings.address))
        self._extent = Extent(connection, settings.prefix, context.private, context.objects, context.progress)
        self._copies = KnownCopies(context.private / "copies")
        self._results = Results(self._extent, Note(context.private / "moving.json"))
        self._view = View(context.private)
        self._brought_back = Note(context.private / "brought-back.json")
        self._asked = Note(context.private / "checksums.json")

    @classmethod
    def propose(cls, settings: S3Settings, role: Role, root: Path) -> Proposal[S3Settings]:
        return propose(settings, role)

    @property
    def origin(self) -> str:
        return self.settings.address

    @property
    def view(self) -> Version | None:
        return self._view.version

    def check(self) -> None:
        with reaching(self.origin):
            check_versioned(self._extent.connection)

    def current(self, subpath: str = "") -> Version:
        if subpath:
            found = self.files().version(check_relative(subpath))
            assert found is not None, "everything in a bucket has a version"
            return Version(found)
        return self.view or self._identify()

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        view = self.view
        if view is not None:
            return Version(view.id, {**view.data, "view": True})
        if move is None:
            return self.live()
        with reaching(self.origin):
            self._results.sweep()
            with self._extent.current() as rows:
                return self._record(self._results.copy(rows, move))

    def live(self) -> Version:
        with reaching(self.origin), self._extent.current() as rows:
            own = self._results.without_copies(rows)
            return self._as_brought_back(self._record(own))

    def move_results(self, version: Version, move: ResultsMove) -> None:
        with reaching(self.origin), self._extent.current() as rows:
            self._results.finish(self._extent.manifest(version).rows(), move, rows, self._copies)

    def changes_since(self, version: Version | None) -> Changes:
        view = self.view
        if view is not None:
            return self.compare(version, view)
        old = self._extent.manifest(version).rows() if version else ()
        with reaching(self.origin), self._extent.current() as rows:
            own = self._results.without_copies(rows)
            return changes(compare_rows(old, own, self._copies.read()), self._extent.key(""))

    def compare(self, old: Version | None, new: Version) -> Changes:
        before = self._extent.manifest(old) if old else None
        return changes(compare(before, self._extent.manifest(new), self._copies.read()), self._extent.key(""))

    def plan(self, version: Version) -> RestorePlan:
        if not self._by_view and self.settings.read_only:
            raise ReadOnlyFilesError(self.resource.name, "it was added as read-only, so it is restored by `view` alone")
        view = self.view
        note = "seen as it was, nothing in the bucket is changed" if self._by_view else "older versions become current again"
        with reaching(self.origin), self._extent.current() as rows:
            seen: Iterable[Row] = self._extent.manifest(view).rows() if view is not None else rows
            return self._restoring(version).plan(seen, rows, note)

    def restore(self, version: Version) -> Version:
        return self._see(version) if self._by_view else self._write_back(version)

    def open(self, version: Version, path: str) -> BinaryIO:
        return self.files(version).open(path)

    def verify(self, version: Version) -> Sequence[str]:
        with reaching(self.origin):
            lost = [self._extent.path(row.key) for row in self._whereabouts.lost(self._extent.manifest(version).rows())]
        more = [f"{len(lost) - _SHOWN:,} more objects"] if len(lost) > _SHOWN else []
        return (*(f"the recorded version of {path}" for path in lost[:_SHOWN]), *more)

    def needs(self, version: Version) -> frozenset[str]:
        return frozenset({version.id})

    def files(self, version: Version | None = None) -> Files:
        name, view = self.resource.name, self.view
        if version is not None:
            return ManifestFiles(name, self._extent, self._extent.manifest(version))
        if view is not None:
            reason = f"it is seen as it was; `dws live {name}` ends that"
            return ManifestFiles(name, self._extent, self._extent.manifest(view), reason)
        return BucketFiles(name, self._extent, "it was added as read-only" if self.settings.read_only else "")

    @property
    def _by_view(self) -> bool:
        """Results always lie in the bucket as they are: whatever brings them back, brings them back there."""
        return self.settings.restore_by == VIEW and self.resource.role is not Role.RESULTS

    @cached_property
    def _whereabouts(self) -> Whereabouts:
        return Whereabouts(self._extent)

    def _identify(self) -> Version:
        with reaching(self.origin), self._extent.current() as rows:
            return self._as_brought_back(self._identify_rows(self._results.without_copies(rows)))

    def _identify_rows(self, rows: Iterable[Row]) -> Version:
        return self._extent.identify(self._with_checksums(rows))

    def _record(self, rows: Iterable[Row]) -> Version:
        version = self._extent.record(self._with_checksums(rows))
        if self.settings.checksums:
            self._asked.write({"version": version.id})
        return version

    def _with_checksums(self, rows: Iterable[Row]) -> Iterable[Row]:
        """Add the checksums that S3 has, if that was asked for; what was recorded last is not asked again."""
        if not self.settings.checksums:
            return rows
        note = self._asked.read()
        known: Iterable[Row] = ()
        if note is not None:
            with suppress(DwsError):  # it may be needed no more, and gone
                manifest = self._extent.manifest(Version(str(note["version"])))
                known = manifest.rows() if manifest.count else ()
        return with_checksums(self._extent.connection, rows, known)

    def _see(self, version: Version) -> Version:
        """Have the version seen; where it is what lies there, that itself."""
        with reaching(self.origin), self._extent.current() as rows:
            if self._as_brought_back(self._identify_rows(rows)) == version:
                self._view.end()
                return version
            self._restoring(version).check(rows)
        self._view.show(version)
        return version

    def _write_back(self, version: Version) -> Version:
        self.plan(version)
        with reaching(self.origin), self._extent.current() as rows:
            self._restoring(version).write_back(rows, self._copies, self.context.progress)
        self._view.end()
        with reaching(self.origin), self._extent.current() as rows:
            listed = self._identify_rows(rows)
            if next(iter(compare_rows(self._extent.manifest(version).rows(), rows, self._copies.read())), None) is not None:
                return listed
        self._brought_back.write({"listed": listed.id, "version": version.id})
        return version

    def _as_brought_back(self, listed: Version) -> Version:
        """Answer the version that was written back, where exactly what was current right after that is so now."""
        note = self._brought_back.read()
        return Version(str(note["version"])) if note is not None and note.get("listed") == listed.id else listed

    def _restoring(self, version: Version) -> Restoring:
        return Restoring(self.resource.name, self._extent, self._extent.manifest(version), self._copies.read())
