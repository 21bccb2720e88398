"""Every version below a prefix, and those of single keys."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from dws_s3.levels import PENDING, THREADS, walk
from dws_s3.page import NULL, Entry
from dws_s3.pages import Pages
from dws_s3.rows import Row
from dws_s3.spool import Spool

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TABLE = "versions (key BLOB, version TEXT, size INTEGER, etag TEXT, PRIMARY KEY (key, version)) WITHOUT ROWID"


class ExistingVersions:
    """Every version below a prefix as a sorted set on disk; close it when it is not needed any more."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._spool.close()

    def __iter__(self) -> Iterator[tuple[bytes, str]]:
        """Yield keys and version ids, in the order of their bytes."""
        return ((key, version) for key, version in self._spool.rows("SELECT key, version FROM versions ORDER BY key, version"))

    def __len__(self) -> int:
        return int(self._spool.one("SELECT count(*) FROM versions")[0])

    def holds(self, row: Row) -> bool:
        """Tell whether a recorded version exists; one with the id `null`, only if it was not overwritten by another content."""
        found = self._spool.one("SELECT size, etag FROM versions WHERE key = ? AND version = ?", row.key, row.version)
        return found is not None and (row.version != NULL or found == (row.size, row.etag))

    def lost(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield those of the recorded versions that do not exist any more."""
        return (row for row in rows if not self.holds(row))


def list_versions(client: "S3Client", bucket: str, prefix: bytes, spool: Path, *, threads: int = THREADS) -> ExistingVersions:
    """List every version below a prefix, by listing alone; `spool` is a private directory."""
    tables = Spool(spool, PENDING, _TABLE)
    try:
        for _, page in walk(Pages(client, bucket), prefix, tables, threads):
            found = ((each.key, each.version, each.size, each.etag) for each in page.entries if not each.is_marker)
            tables.add("INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?)", found)
    except BaseException:
        tables.close()
        raise
    return ExistingVersions(tables)


def versions_of(client: "S3Client", bucket: str, keys: Iterable[bytes]) -> Iterator[Entry]:
    """Yield the versions and delete markers of a few keys, of each newest first."""
    pages = Pages(client, bucket)
    for key in keys:
        yield from _of_one(pages, key)


def _of_one(pages: Pages, key: bytes) -> Iterator[Entry]:
    """Ask for what begins like the key, until the listing has gone beyond the key itself, which comes first."""
    page = pages.get(key, most=100)
    while True:
        found = [entry for entry in page.entries if entry.key == key]
        yield from found
        if page.after is None or page.after[0] != key:
            return
        page = pages.get(key, page.after)
