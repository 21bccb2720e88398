"""What lies in a bucket, beside what a recorded version holds: tables on disk, so that memory stays bounded."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from dws_core.plugin import Entry, EntryKind
from dws_s3.copied.names import is_marker
from dws_s3.keys import key_of, text_of
from dws_s3.levels import PENDING
from dws_s3.spool import Spool

_COLUMNS = "path BLOB PRIMARY KEY, size INTEGER, etag TEXT, modified TEXT, id TEXT, leaf INTEGER"
_MANY = 4096
_LARGE = 1024**3

# A leaf is a file or an empty directory, whose path ends with `/`. The id of a directory is empty, of an unread file NULL.
_DIRECTORY = "substr(path, -1) = x'2f'"
_HOLDS_SOMETHING = (
    "EXISTS (SELECT 1 FROM {0} AS below WHERE below.path > {0}.path "
    "AND below.path < CAST(substr({0}.path, 1, length({0}.path) - 1) || '0' AS BLOB))"
)


class Which(StrEnum):
    """Which of the files that were not read yet are wanted."""

    ALL = "id IS NULL"
    UNDECIDED = "id IS NULL AND EXISTS (SELECT 1 FROM recorded WHERE recorded.path = now.path AND recorded.size = now.size)"
    """Those of which only their content tells whether they are what was recorded."""


class Found(NamedTuple):
    """An object as it is listed; `path` follows the prefix in its key."""

    path: bytes
    size: int
    etag: str
    modified: str


class Picture:
    """The tables `now` and `recorded`, for as long as it is open."""

    def __init__(self, directory: Path) -> None:
        self.spool = Spool(directory, PENDING, *(f"{name} ({_COLUMNS}) WITHOUT ROWID" for name in ("now", "recorded")))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.spool.close()

    def __iter__(self) -> Iterator[Found]:
        """Yield what lies there now, in the order of the paths."""
        return map(Found._make, self.spool.rows("SELECT path, size, etag, modified FROM now ORDER BY path"))

    def add(self, found: Iterable[Found]) -> None:
        """Take objects into account that lie there now."""
        rows = ((*each, "" if is_marker(each.path) else None, not is_marker(each.path)) for each in found)
        self.spool.add("INSERT OR REPLACE INTO now VALUES (?, ?, ?, ?, ?, ?)", rows)

    def finish(self) -> Iterator[bytes]:
        """Find the empty directories, once everything is there; yield the paths of files that are directories as well."""
        self._find_empty("now")
        below = "below.path >= CAST(now.path || '/' AS BLOB) AND below.path < CAST(now.path || '0' AS BLOB)"
        twice = f"SELECT path FROM now WHERE NOT {_DIRECTORY} AND EXISTS (SELECT 1 FROM now AS below WHERE {below})"
        return (path for (path,) in self.spool.rows(twice))

    def record(self, entries: Iterable[Entry]) -> None:
        """Put a recorded version beside it, instead of the one before."""
        self.spool.do("DELETE FROM recorded")
        self.spool.add("INSERT INTO recorded VALUES (?, ?, '', '', ?, ?)", map(_recorded, entries))
        self._find_empty("recorded")

    def unread(self, which: Which) -> Iterator[list[Found]]:
        """Yield the wanted files that were not read yet, some at a time, with not too many bytes in all; each comes once."""
        after = b""
        while some := self._some(after, which):
            yield some
            after = some[-1].path

    def identify(self, known: Iterable[tuple[Found, str]]) -> None:
        """Say which objects the contents of files are."""
        self.spool.add("UPDATE now SET id = ? WHERE path = ?", ((id_, each.path) for each, id_ in known))

    def forget(self, paths: Iterable[bytes]) -> None:
        """Have files be read again."""
        self.spool.add("UPDATE now SET id = NULL WHERE path = ?", ((each,) for each in paths))

    def files(self) -> Iterator[Entry]:
        """Yield the files that were read."""
        return (_entry(*row) for row in self.spool.rows("SELECT path, id, size FROM now WHERE id <> '' ORDER BY path"))

    def entries(self) -> Iterator[Entry]:
        """Yield the files and empty directories there are now, all files having been read."""
        return (_entry(*row) for row in self.spool.rows("SELECT path, id, size FROM now WHERE leaf ORDER BY path"))

    def difference(self, other: "Picture") -> bytes | None:
        """Name the first path at which another look found something else; None where all is the same."""
        pairs = zip_longest(self, other)
        return next((min(each.path for each in pair if each) for pair in pairs if pair[0] != pair[1]), None)

    def _some(self, after: bytes, which: Which) -> list[Found]:
        found: list[Found] = []
        size = 0
        query = f"SELECT path, size, etag, modified FROM now WHERE path > ? AND {which} ORDER BY path LIMIT {_MANY}"
        for row in self.spool.rows(query, after):
            if found and size + row[1] > _LARGE:
                break
            found.append(Found._make(row))
            size += found[-1].size
        return found

    def _find_empty(self, table: str) -> None:
        self.spool.do(f"UPDATE {table} SET leaf = 1 WHERE {_DIRECTORY} AND NOT {_HOLDS_SOMETHING.format(table)}")


def _recorded(entry: Entry) -> tuple[bytes, int, str, int]:
    path = key_of(entry.path)
    return (path + b"/", 0, "", 0) if entry.kind is EntryKind.DIRECTORY else (path, entry.size, entry.id, 1)


def _entry(path: bytes, id_: str, size: int) -> Entry:
    if is_marker(path):
        return Entry(text_of(path[:-1]), EntryKind.DIRECTORY, "", 0)
    return Entry(text_of(path), EntryKind.FILE, id_, size)
