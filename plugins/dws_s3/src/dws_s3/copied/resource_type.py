"""A bucket, or a directory of one, of which every version is kept in the workspace's object store."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import DamagedObjectError, MissingObjectError, ReadOnlyFilesError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.names import check_relative
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Context, Files, Proposal, ResourceType, ResultsMove, TreeFiles, View
from dws_s3.connection import Connection
from dws_s3.copied import comparing
from dws_s3.copied.content import Content
from dws_s3.copied.files import LiveFiles, SeenFiles
from dws_s3.copied.memory import Memory
from dws_s3.copied.picture import Picture, Which
from dws_s3.copied.writing_back import StillSeenError, WritingBack
from dws_s3.extent import Extent
from dws_s3.proposing import place_of, propose_copied
from dws_s3.reaching import reaching
from dws_s3.settings import VIEW, S3Settings


class CopiedResource(ResourceType[S3Settings]):
    """What lies in a bucket below a prefix, or, after a restore by view, what lay there when a snapshot was taken."""

    def __init__(self, resource: Resource, settings: S3Settings, context: Context) -> None:
        super().__init__(resource, settings, context)
        connection = Connection(place_of(settings), lambda: context.contact(settings.address))
        extent = Extent(connection, settings.prefix, context.private, context.objects, context.progress)
        self._content = Content(extent, Memory(context.private, settings.address))
        self._view = View(context.private)

    @classmethod
    def propose(cls, settings: S3Settings, role: Role, root: Path) -> Proposal[S3Settings]:
        return propose_copied(settings, role)

    @property
    def origin(self) -> str:
        return self.settings.address

    @property
    def view(self) -> Version | None:
        return self._view.version

    def check(self) -> None:
        extent = self._content.extent
        with reaching(self.origin), extent.connection.doing("list") as client:
            client.list_objects_v2(Bucket=extent.bucket, Prefix=self.settings.prefix, MaxKeys=1)

    def current(self, subpath: str = "") -> Version:
        path, view = check_relative(subpath), self.view
        if view is not None:
            return Version(str(SeenFiles(self.resource.name, self.context.objects, view.id).version(path)))
        with reaching(self.origin):
            return Version(self._content.identify_below(path) if path else self._content.identify())

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        view = self.view
        return Version(view.id, {"view": True}) if view is not None else self.live()

    def live(self) -> Version:
        with reaching(self.origin):
            return Version(self._content.store())

    def changes_since(self, version: Version | None) -> Changes:
        view = self.view
        if view is not None:
            return self.compare(version, view)
        with reaching(self.origin), self._content.settled(lambda picture: self._decide(picture, version)) as picture:
            return comparing.since(picture)

    def compare(self, old: Version | None, new: Version) -> Changes:
        return comparing.compare(self.context.objects, old.id if old else None, new.id)

    def plan(self, version: Version) -> RestorePlan:
        self._check_restorable(version)
        view = self.view
        if view is not None and self._by_view:
            found = self.compare(view, version)
        else:
            with reaching(self.origin), self._content.settled(lambda picture: self._decide(picture, version)) as picture:
                found = self._to_write(picture)
        note = "seen as it was, nothing in the bucket is changed" if self._by_view else "what differs is written to the bucket"
        return RestorePlan(found, found.bytes or 0, note if found else "")

    def restore(self, version: Version) -> Version:
        self._check_restorable(version)
        return self._see(version) if self._by_view else self._write_back(version)

    def open(self, version: Version, path: str) -> BinaryIO:
        return self.context.objects.open(version.id, path)

    def verify(self, version: Version) -> Sequence[str]:
        try:
            self.context.objects.get(version.id)
        except (MissingObjectError, DamagedObjectError):
            return (f"the tree {version.short}, which is all of it",)
        return ()

    def needs(self, version: Version) -> frozenset[str]:
        return frozenset({version.id})

    def files(self, version: Version | None = None) -> Files:
        name, objects, view = self.resource.name, self.context.objects, self.view
        if version is not None:
            return TreeFiles(name, objects, version.id)
        if view is not None:
            return SeenFiles(name, objects, view.id)
        why_not = "it was added as read-only" if self.settings.read_only else ""
        return LiveFiles(name, self._content.extent, lambda path: self.current(path).id, why_not)

    @property
    def _by_view(self) -> bool:
        return self.settings.restore_by == VIEW

    def _check_restorable(self, version: Version) -> None:
        if not self._by_view and self.settings.read_only:
            raise ReadOnlyFilesError(self.resource.name, "it was added as read-only, so it is restored by `view` alone")
        lacking = self.context.objects.missing(version.id)
        if lacking:
            raise MissingObjectError(f"{self.resource.name}: {lacking[0]}")

    def _decide(self, picture: Picture, version: Version | None) -> bool:
        """Put a version beside a picture, and read the files of which only the content tells whether they differ."""
        picture.record(self.context.objects.entries(version.id) if version is not None else ())
        return self._content.hash(picture, Which.UNDECIDED)

    def _to_write(self, picture: Picture) -> Changes:
        """Tell what would be changed; StillSeenError where what is kept is what is seen, and not what lies there."""
        found = comparing.until(picture)
        if found and not self._by_view and self.view is not None:
            raise StillSeenError(self.resource.name)
        return found

    def _see(self, version: Version) -> Version:
        """Have the version seen; where it is what lies there, that itself."""
        with reaching(self.origin), self._content.settled(lambda picture: self._decide(picture, version)) as picture:
            is_there = not comparing.since(picture)
        if is_there:
            self._view.end()
        else:
            self._view.show(version)
        return version

    def _write_back(self, version: Version) -> Version:
        content = self._content
        with reaching(self.origin):
            with content.settled(lambda picture: self._decide(picture, version)) as picture:
                self._to_write(picture)
                WritingBack(content.extent, content.memory, lambda path: self.open(version, path)).bring(picture)
            self._view.end()
            return Version(content.identify())
