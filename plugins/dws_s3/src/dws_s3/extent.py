"""The part of a bucket that is the resource: what is current in it, as rows and as a manifest."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import DamagedRecordError
from dws_core.model.version import Version
from dws_core.plugin import Objects, Progress
from dws_s3.connection import Connection
from dws_s3.keys import key_of, text_of
from dws_s3.listed import Listing
from dws_s3.listing import list_current
from dws_s3.manifest import BucketManifest, written
from dws_s3.rows import Row

_FEW = 3


@dataclass(frozen=True)
class _Rows:
    """A listing as rows."""

    listing: Listing

    def __iter__(self) -> Iterator[Row]:
        return (Row(each.key, each.version, each.size, each.etag) for each in self.listing)


@dataclass(frozen=True)
class Extent:
    """A bucket below a prefix; paths are keys without the prefix. `private` is a directory of this clone for it."""

    connection: Connection
    prefix: str
    private: Path
    objects: Objects
    progress: Progress

    @property
    def bucket(self) -> str:
        return self.connection.place.bucket

    def key(self, path: str) -> bytes:
        """Name the key of a path."""
        return key_of(self.prefix + path)

    def path(self, key: bytes) -> str:
        """Name the path of a key."""
        return text_of(key).removeprefix(self.prefix)

    @contextmanager
    def current(self, below: str = "") -> Iterator[Iterable[Row]]:
        """Give what is current in order, as it is at one moment, as often as it is asked for; what is not sure of it is told."""
        with (
            self.connection.doing("list") as client,
            list_current(client, self.bucket, self.key(below), self.private / "spool") as listing,
        ):
            self._tell(listing)
            yield _Rows(listing)

    def identify(self, rows: Iterable[Row]) -> Version:
        """Answer the version of rows, storing nothing."""
        with written(rows, self.private, self.bucket, self.key("")) as directory:
            return Version(self.objects.scan(directory))

    def record(self, rows: Iterable[Row]) -> Version:
        """Store the manifest of rows, and answer their version."""
        with written(rows, self.private, self.bucket, self.key("")) as directory:
            return Version(self.objects.store(directory))

    def manifest(self, version: Version) -> BucketManifest:
        """Open the manifest of a recorded version; DamagedRecordError where it is none of this very place."""
        found = BucketManifest(self.objects, version.id)
        if (found.bucket, found.prefix) != (self.bucket, self.key("")):
            raise DamagedRecordError(f"the version {version.short}", f"it is of s3://{found.bucket}/{text_of(found.prefix)}")
        return found

    def _tell(self, listing: Listing) -> None:
        changed, when = listing.changed_meanwhile, f"{listing.moment:%Y-%m-%d %H:%M:%S} UTC"
        if changed.count:
            names = ", ".join(map(self.path, changed.names[:_FEW]))
            more = ", …" if changed.count > _FEW else ""
            self.progress.warn(f"{self.bucket} is being written to ({names}{more}): what counts is how it was at {when}")
        for noticed, what in (
            (listing.overwritten, "was overwritten at this moment, where no version is kept, and is left out"),
            (listing.unreadable, "has a name that the server cannot show"),
        ):
            if noticed.count:
                self.progress.warn(f"{', '.join(map(self.path, noticed.names))}: {what}")
