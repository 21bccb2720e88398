"""Whether recorded versions are still in the bucket, told by listing alone."""

import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice

from dws_s3.comparing import is_equal
from dws_s3.extent import Extent
from dws_s3.rows import Row
from dws_s3.versions import ExistingVersions, list_versions, versions_of

_FEW = 64


class Whereabouts:
    """Looks for versions: a few of them one by one, many by listing every version there is, once; that list is gone with it."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        self._stack = ExitStack()
        self._existing: ExistingVersions | None = None
        weakref.finalize(self, self._stack.close)

    def lost(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield those rows whose content is there no more, neither as that version nor as another of its key."""
        coming = iter(rows)
        some = list(islice(coming, _FEW + 1))
        if self._existing is None and len(some) <= _FEW:
            yield from (row for row in some if self.find(row) is None)
            return
        if self._existing is None:
            with self._extent.connection.doing("list the versions of") as client:
                listed = list_versions(client, self._extent.bucket, self._extent.key(""), self._extent.private / "spool")
            self._existing = self._stack.enter_context(listed)
        for group in (some, coming):
            yield from (row for row in self._existing.lost(group) if self.find(row) is None)

    def find(self, row: Row) -> Row | None:
        """Find the version of a row, or another of its key with the same content; None where there is neither."""
        with self._extent.connection.doing("list the versions of") as client:
            there = [each for each in versions_of(client, self._extent.bucket, [row.key]) if not each.is_marker]
        rows: Sequence[Row] = [Row(each.key, each.version, each.size, each.etag) for each in there]
        same = [each for each in rows if is_equal(row, each, {})]
        return next((each for each in same if each.version == row.version), next(iter(same), None))
