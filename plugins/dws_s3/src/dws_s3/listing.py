"""Listing what is current in a versioned bucket, as it was at one moment."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dws_core.errors import ResourceError
from dws_s3 import uploads
from dws_s3.clock import LOOKS, PAUSE, Clock
from dws_s3.levels import PENDING, THREADS, walk
from dws_s3.listed import CHANGED, KEEP, NOTICE, OVERWRITTEN, TABLES, UNREADABLE, CurrentObject, Listing
from dws_s3.moment import KeyState, KeyStates, written
from dws_s3.page import NULL, Page
from dws_s3.pages import Pages, UnusableListingError
from dws_s3.spool import Spool
from dws_s3.versions import versions_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SKEW = 1
"""By how many seconds the clocks of the machines that make up one server may differ."""

_SECOND = timedelta(seconds=1)
_NEVER = "9999"
"""Later than everything that is dated."""


class UnversionedBucketError(ResourceError):
    def __init__(self, bucket: str) -> None:
        super().__init__(
            f"the bucket {bucket} keeps no versions, so that what is in it now could not be brought back",
            hint=f"turn them on: `aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled`",
        )


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
    """List what is current below a prefix; `spool` is a private directory, `seen` is told how many keys came.

    UnversionedBucketError, UnusableListingError. What was written before the call is in it. A version that somebody removes
    for good meanwhile may be missing or not, as may an upload in parts that begins and ends within a tenth of a second.
    """
    tables = Spool(spool, PENDING, *TABLES, uploads.TABLE)
    try:
        clock, under_way = Clock(client, bucket, sleep), uploads.Uploads(client, bucket, prefix, tables)
        return _Look(client, bucket, prefix, tables, threads, skew * _SECOND, seen, clock, under_way).take()
    except BaseException:
        tables.close()
        raise


@dataclass(frozen=True)
class _Look:
    """One listing in the making."""

    client: "S3Client"
    bucket: str
    prefix: bytes
    spool: Spool
    threads: int
    skew: timedelta
    seen: Callable[[int], object]
    clock: Clock
    uploads: uploads.Uploads

    def take(self) -> Listing:
        """Walk once, and again if something was written so shortly before that nobody can say whether it counts.

        Whatever is dated before a cut was there when a walk began that began later, and what comes while it walks is dated
        later: so what was the newest before the cut counted then. Only what is dated between the cut and the beginning may be
        older than the call, or not. Then two walks that find the same tell how it was between them, whatever clocks say; where
        writing goes on, we wait until the clock leaves those seconds behind, and cut there.
        """
        began = self.clock.now()
        if self.clock.versioning == "":
            raise UnversionedBucketError(self.bucket)
        self.uploads.note()
        safe = self.clock.now() + self.skew + _SECOND
        listing = self._walk(began - self.skew, safe)
        if listing is None:
            listing = self._walk_twice()
        if listing is None:
            cut = self._wait_for(safe)
            listing = self._walk(cut, cut)
        assert listing is not None, "a walk that begins after its cut takes everything"
        return listing

    def _walk_twice(self) -> Listing | None:
        """Take what is current if two walks find the same, which then was so between them; None if they do not."""
        before, moment = self._take_all(), self.clock.now()
        return Listing(self.spool, moment, self.clock.versioning) if self._take_all() == before else None

    def _take_all(self) -> bytes:
        """Take whatever each page says is current, and answer its hash."""
        self._forget()
        states, digest = KeyStates(_NEVER), hashlib.sha256()
        for level, page in walk(Pages(self.client, self.bucket), self.prefix, self.spool, self.threads):
            self._keep(page, list(states.take(level, page)))
        for row in self.spool.rows("SELECT * FROM current ORDER BY key"):
            digest.update(repr(row).encode())
        return digest.digest()

    def _wait_for(self, cut: datetime) -> datetime:
        """Wait for a second at whose beginning no upload ended: of one that did, nobody could say if it was before or after."""
        for _ in range(LOOKS):
            # Both are compared with what was noted before: last time, and that was before the cut.
            is_quiet = self.uploads.note()
            if self.clock.now() >= cut:
                if self.uploads.note() and is_quiet:
                    self.clock.wait_until(cut + self.skew)
                    return cut
                cut = self.clock.now() + _SECOND
            self.clock.sleep(PAUSE)
        raise UnusableListingError(self.bucket, "its clock stands still, or uploads in parts end all the time")

    def _walk(self, cut: datetime, safe: datetime) -> Listing | None:
        """Take the state at the cut; None as soon as something was written since then, but before it is safe."""
        self._forget()
        states, limit = KeyStates(written(cut)), written(safe)
        pages = walk(Pages(self.client, self.bucket), self.prefix, self.spool, self.threads)
        for level, page in pages:
            found = list(states.take(level, page))
            if any(each.earliest_change and each.earliest_change < limit for each in found):
                pages.close()
                return None
            self._keep(page, found)
        self._leave_out_uploads(written(cut))
        return Listing(self.spool, cut, self.clock.versioning)

    def _forget(self) -> None:
        for table in ("current", "noticed"):
            self.spool.do(f"DELETE FROM {table}")

    def _keep(self, page: Page, states: list[KeyState]) -> None:
        self.spool.add(NOTICE, ((UNREADABLE, key) for key in page.unreadable()))
        self._keep_states(states)
        self.seen(len(states))

    def _keep_states(self, states: list[KeyState]) -> None:
        self.spool.add(NOTICE, ((CHANGED, each.key) for each in states if each.earliest_change))
        self.spool.add(NOTICE, ((OVERWRITTEN, each.key) for each in states if each.is_overwritten))
        self.spool.add(KEEP, (current[:5] for each in states if (current := each.current) is not None))

    def _leave_out_uploads(self, cut: str) -> None:
        """Take those versions out that are dated before the cut, but were completed since."""
        for key, began in self.uploads.ended():
            entries = list(versions_of(self.client, self.bucket, [key]))
            made = {each for each in entries if each.modified < cut and uploads.may_be_made_by(each, began)}
            kept = self.spool.one("SELECT * FROM current WHERE key = ?", key)
            if made or (kept and uploads.may_be_made_by(CurrentObject._make(kept), began)):
                state = KeyState(key, cut)
                for each in entries:
                    if each not in made:
                        state.add(each)
                state.is_overwritten |= any(each.version == NULL for each in made)
                state.earliest_change = state.earliest_change or cut
                self.spool.do("DELETE FROM current WHERE key = ?", key)
                self._keep_states([state])
