"""What this clone has read of a bucket: which object of the object store the content under a key was.

An object that is listed with the key, ETag, size and time of one that was read is taken to be that one. The ETag is the MD5 of
what was written in one piece, and else made of the MD5s of its parts, so that an edit within the same second that keeps the
size has another ETag. What was written by ourselves is known by the ETag that the server answered, at whatever time.
"""

import errno
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_s3.copied.picture import Found, Picture, Which

_TABLE = "CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY, size INTEGER, etag TEXT, modified TEXT, id TEXT) WITHOUT ROWID"
_PATIENCE = 60.0
_MANY = 500
ANY_TIME = ""
"""The time of what we wrote, of which the server told the ETag alone."""


class Memory:
    """A small database of this clone alone, for one place; several commands may use it at once. A damaged one is begun anew."""

    def __init__(self, private: Path, place: str) -> None:
        self._path = private / f"seen-{hashlib.sha256(place.encode()).hexdigest()[:16]}"

    def recall(self, start: bytes, picture: Picture) -> None:
        """Identify in a picture what was read before; `start` is the prefix of its paths."""
        if not self._path.exists():
            return
        with self._opened() as database:
            for some in picture.unread(Which.ALL):
                for first in range(0, len(some), _MANY):
                    picture.identify(_recalled(database, start, some[first : first + _MANY]))

    def keep(self, start: bytes, known: Iterable[tuple[Found, str]]) -> None:
        """Remember which objects were read; one without an ETag can be told from no other."""
        rows = [(start + each.path, each.size, each.etag, each.modified, id_) for each, id_ in known if each.etag]
        if rows:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._opened() as database, database:
                database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", rows)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_PATIENCE)) as database:
                database.execute(_TABLE)
                yield database
        except sqlite3.OperationalError as error:  # no room, no permission, or somebody who holds it for a minute
            raise FileAccessError(self._path, OSError(errno.EIO, str(error))) from error
        except sqlite3.DatabaseError as error:
            for each in (self._path, self._path.with_name(f"{self._path.name}-journal")):
                each.unlink(missing_ok=True)
            raise FileAccessError(self._path, OSError(errno.EIO, f"it was damaged, and is begun anew ({error})")) from error


def _recalled(database: sqlite3.Connection, start: bytes, some: list[Found]) -> Iterator[tuple[Found, str]]:
    keys = [start + each.path for each in some]
    query = f"SELECT key, size, etag, modified, id FROM seen WHERE key IN ({', '.join('?' * len(keys))})"
    seen = {row[0]: row[1:] for row in database.execute(query, keys)}
    for key, each in zip(keys, some, strict=True):
        size, etag, modified, id_ = seen.get(key, (-1, "", "", None))
        if id_ and (size, etag) == (each.size, each.etag) and modified in (each.modified, ANY_TIME):
            yield each, id_
