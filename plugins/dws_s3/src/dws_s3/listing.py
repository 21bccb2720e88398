"""Listing what is current in a versioned bucket, as it was at one moment."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from dws_core.errors import ResourceError
from dws_s3 import uploads
from dws_s3.clock import Clock
from dws_s3.levels import PENDING, THREADS, walk
from dws_s3.moment import KeyState, KeyStates, written
from dws_s3.page import NULL, Entry, Page
from dws_s3.pages import Pages
from dws_s3.spool import Spool
from dws_s3.versions import versions_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SKEW = 1
"""By how many seconds the clocks of the machines that make up one server may differ."""

_TABLE = "current (key BLOB PRIMARY KEY, version TEXT, size INTEGER, etag TEXT, modified TEXT) WITHOUT ROWID"
_SECOND = timedelta(seconds=1)
_FEW = 10
_NEVER = "9999"
"""Later than everything that is dated."""


class UnversionedBucketError(ResourceError):
    def __init__(self, bucket: str) -> None:
        super().__init__(
            f"the bucket {bucket} keeps no versions, so that what is in it now could not be brought back",
            hint=f"turn them on: `aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled`",
        )


class CurrentObject(NamedTuple):
    """A current version; `modified` is UTC as the server writes it."""

    key: bytes
    version: str
    size: int
    etag: str
    modified: str

    @property
    def seconds(self) -> float:
        """When it was written, in seconds since 1970."""
        return datetime.fromisoformat(self.modified).astimezone(UTC).timestamp()


@dataclass
class Noticed:
    """Keys of which something is to be said: how many they are, and the names of a few."""

    count: int = 0
    names: list[bytes] = field(default_factory=list)

    def add(self, key: bytes) -> None:
        """Take one more."""
        self.count += 1
        if len(self.names) < _FEW:
            self.names.append(key)


@dataclass
class Remarks:
    """What is to be said of a listing.

    `changed_meanwhile`: the state is the one before, whatever was written since. `overwritten`: the version `null` was
    overwritten meanwhile, so that nobody can say what the key held, and it is left out. `unreadable`: the server cannot show
    every character, and names these maybe otherwise than they are.
    """

    changed_meanwhile: Noticed = field(default_factory=Noticed)
    overwritten: Noticed = field(default_factory=Noticed)
    unreadable: Noticed = field(default_factory=Noticed)


class Listing:
    """Everything that was current just before `moment`, on disk; close it when it is not needed any more."""

    def __init__(self, spool: Spool, moment: datetime, remarks: Remarks, versioning: str | None) -> None:
        self._spool = spool
        self.moment = moment
        self.versioning = versioning
        self.changed_meanwhile = remarks.changed_meanwhile
        self.overwritten = remarks.overwritten
        self.unreadable = remarks.unreadable
        self.count, self.size, self.null_ids = (
            int(each) for each in spool.one("SELECT count(*), total(size), total(version = ?) FROM current", NULL)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[CurrentObject]:
        """Yield them in the order of the bytes of their keys."""
        return map(CurrentObject._make, self._spool.rows("SELECT * FROM current ORDER BY key"))

    def close(self) -> None:
        """Remove what lies on disk; may be called again."""
        self._spool.close()


def list_current(
    client: "S3Client",
    bucket: str,
    prefix: bytes,
    spool: Path,
    *,
    threads: int = THREADS,
    skew: int = SKEW,
    seen: Callable[[int], object] = lambda count: None,
    sleep: Callable[[float], object] = time.sleep,
) -> Listing:
    """List what is current below a prefix; `spool` is a private directory, `seen` is told of keys as they come.

    UnversionedBucketError, UnusableListingError. A version that is removed for good meanwhile is one that nobody can bring back.
    """
    tables = Spool(spool, PENDING, _TABLE, uploads.TABLE)
    try:
        return _Look(client, bucket, prefix, tables, threads, skew, seen, sleep).take()
    except BaseException:
        tables.close()
        raise


class _Look:
    """One listing in the making."""

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        prefix: bytes,
        spool: Spool,
        threads: int,
        skew: int,
        seen: Callable[[int], object],
        sleep: Callable[[float], object],
    ) -> None:
        self._client, self._bucket, self._prefix, self._spool = client, bucket, prefix, spool
        self._threads, self._seen = threads, seen
        self._skew = skew * _SECOND
        self._clock = Clock(client, bucket, sleep)
        self._uploads = uploads.Uploads(client, bucket, prefix, spool)

    def take(self) -> Listing:
        """Walk once, and again if something was written so shortly before that nobody can say whether it counts.

        What is dated before a cut was there when the walk began, if that was later, and what came since is dated later. So
        the newest before the cut is what counted then, whatever is written meanwhile. Only what is dated between the cut and
        the beginning may have been there already. Then two walks that find the same tell how it was between them, whatever
        the clocks say; where writing goes on, we wait until the clock leaves those seconds behind, and cut there.
        """
        began = self._clock.now()
        if self._clock.versioning == "":
            raise UnversionedBucketError(self._bucket)
        self._uploads.begin()
        safe = self._clock.now() + self._skew + _SECOND
        listing = self._walk(began - self._skew, safe)
        if listing is None:
            listing = self._walk_twice()
        if listing is None:
            self._clock.wait_until(safe)
            self._uploads.begin()
            self._clock.wait_until(safe + self._skew)
            listing = self._walk(safe, safe)
        assert listing is not None, "a walk that begins late enough takes everything"
        return listing

    def _walk(self, cut: datetime, safe: datetime) -> Listing | None:
        """Take the state at the cut; None as soon as something was written since, but before it is safe."""
        self._spool.do("DELETE FROM current")
        remarks, states, unsafe_before = Remarks(), KeyStates(written(cut)), written(safe)
        pages = walk(Pages(self._client, self._bucket), self._prefix, self._spool, self._threads)
        for level, page in pages:
            found = list(states.take(level, page))
            if any(each.earliest_change and each.earliest_change < unsafe_before for each in found):
                pages.close()
                return None
            self._keep(found, remarks)
            self._note(page, len(found), remarks)
        self._leave_out_uploads(written(cut), remarks)
        return Listing(self._spool, cut, remarks, self._clock.versioning)

    def _walk_twice(self) -> Listing | None:
        """Take what is current if two walks find the same, which then was so between them; None if they do not."""
        before = self._take_all(Remarks())
        moment, remarks = self._clock.now(), Remarks()
        return Listing(self._spool, moment, remarks, self._clock.versioning) if self._take_all(remarks) == before else None

    def _take_all(self, remarks: Remarks) -> bytes:
        """Take whatever each page says is current, and answer its hash."""
        self._spool.do("DELETE FROM current")
        states, digest = KeyStates(_NEVER), hashlib.sha256()
        for level, page in walk(Pages(self._client, self._bucket), self._prefix, self._spool, self._threads):
            found = list(states.take(level, page))
            self._keep(found, remarks)
            self._note(page, len(found), remarks)
        for row in self._spool.rows("SELECT * FROM current ORDER BY key"):
            digest.update(repr(row).encode())
        return digest.digest()

    def _note(self, page: Page, count: int, remarks: Remarks) -> None:
        for key in page.unreadable():
            remarks.unreadable.add(key)
        self._seen(count)

    def _keep(self, states: list[KeyState], remarks: Remarks) -> None:
        for each in states:
            if each.earliest_change:
                remarks.changed_meanwhile.add(each.key)
                if each.is_overwritten:
                    remarks.overwritten.add(each.key)
        self._spool.add("INSERT OR REPLACE INTO current VALUES (?, ?, ?, ?, ?)", (each[:5] for each in _current(states)))

    def _leave_out_uploads(self, cut: str, remarks: Remarks) -> None:
        """Take those versions out that are dated before the cut, but were completed since."""
        for key, began in self._uploads.end():
            entries = list(versions_of(self._client, self._bucket, [key]))
            made = [each for each in entries if each.modified < cut and uploads.may_be_made_by(each, began)]
            if made:
                remarks.changed_meanwhile.add(key)
                state = KeyState(key, cut)
                for each in entries:
                    if each not in made:
                        state.add(each)
                self._spool.do("DELETE FROM current WHERE key = ?", key)
                self._keep([state], remarks)


def _current(states: list[KeyState]) -> Iterator[Entry]:
    return (entry for state in states if (entry := state.current) is not None)
