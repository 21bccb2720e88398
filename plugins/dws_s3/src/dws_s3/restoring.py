"""Bringing a recorded version back: by seeing it, or by making its versions current in the bucket again."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from dws_core.errors import ResourceError
from dws_core.model.changes import RestorePlan
from dws_core.plugin import Progress
from dws_core.plugin.differing import Difference, changes
from dws_s3.comparing import Copies, compare_rows
from dws_s3.copies import KnownCopies
from dws_s3.copying import copy
from dws_s3.deleting import hide
from dws_s3.extent import Extent
from dws_s3.manifest import BucketManifest
from dws_s3.rows import Row
from dws_s3.whereabouts import Whereabouts

_HANDS = 16
_AT_ONCE = 512
_FEW = 5


class VersionsLostError(ResourceError):
    def __init__(self, name: str, paths: list[str]) -> None:
        shown = ", ".join(paths[:_FEW]) + (" and more" if len(paths) > _FEW else "")
        super().__init__(
            f"{name}: the bucket no longer has the version that the snapshot recorded of {shown}",
            hint=f"`dws verify {name}` tells which snapshots lack what; leave the resource as it is with `--leave {name}`",
        )


class Restoring:
    """One version that is to come back."""

    def __init__(self, name: str, extent: Extent, manifest: BucketManifest, copies: Copies) -> None:
        self._name = name
        self._extent = extent
        self._manifest = manifest
        self._copies = copies

    def plan(self, seen: Iterable[Row], current: Iterable[Row], note: str) -> RestorePlan:
        """Tell what would differ from what is seen now; VersionsLostError where something is no longer there."""
        self.check(current)
        differing = [*compare_rows(seen, self._manifest.rows(), self._copies)]
        found = changes(differing, self._extent.key(""))
        return RestorePlan(found, found.bytes or 0, note if differing else "")

    def check(self, current: Iterable[Row]) -> None:
        """Look whether everything recorded that is not current is there all the same; VersionsLostError."""
        older = (each.new for each in compare_rows(current, self._manifest.rows()) if each.new is not None)
        lost = [self._extent.path(row.key) for row in Whereabouts(self._extent).lost(older)]
        if lost:
            raise VersionsLostError(self._name, lost)

    def write_back(self, current: Iterable[Row], known: KnownCopies, progress: Progress) -> None:
        """Make every recorded version current that is not, and hide what was not there; what is right already is left alone."""
        differing = [*compare_rows(current, self._manifest.rows(), self._copies)]
        wanted = [each.new for each in differing if each.new is not None]
        progress.expect(files=len(differing), size=sum(each.size for each in wanted))
        rows = iter(wanted)
        with ThreadPoolExecutor(_HANDS) as pool:
            while some := list(islice(rows, _AT_ONCE)):
                made = []
                for old, new in pool.map(self._bring, some):
                    made.append((old, new))
                    progress.advance(files=1, size=new.size)
                known.add(made)
        hide(self._extent.connection, _unwanted(differing))

    def _bring(self, row: Row) -> tuple[Row, Row]:
        try:
            return row, copy(self._extent.connection, row, row.key)
        except FileNotFoundError as error:
            other = Whereabouts(self._extent).find(row)
            if other is None:
                raise VersionsLostError(self._name, [self._extent.path(row.key)]) from error
            return row, copy(self._extent.connection, other, row.key)


def _unwanted(differing: Iterable[Difference[Row]]) -> Iterator[bytes]:
    return (each.key for each in differing if each.new is None)
