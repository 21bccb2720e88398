"""What a listing found, on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import NamedTuple, Self

from dws_s3.page import NULL
from dws_s3.spool import Spool

TABLES = (
    "current (key BLOB PRIMARY KEY, version TEXT, size INTEGER, etag TEXT, modified TEXT) WITHOUT ROWID",
    "noticed (what TEXT, key BLOB, PRIMARY KEY (what, key)) WITHOUT ROWID",
)
"""The tables of a spool in which a listing lies."""

KEEP = "INSERT OR REPLACE INTO current VALUES (?, ?, ?, ?, ?)"
NOTICE = "INSERT OR IGNORE INTO noticed VALUES (?, ?)"
CHANGED, OVERWRITTEN, UNREADABLE = "changed", "overwritten", "unreadable"

_FEW = 10


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


@dataclass(frozen=True)
class Noticed:
    """Keys of which something is to be said: how many they are, and the names of the first few."""

    count: int
    names: tuple[bytes, ...]


class Listing:
    """Everything that was current just before `moment`, on disk; close it when it is not needed any more.

    `versioning` is `Enabled` or `Suspended`, None where we may not ask; `null_ids` counts what has the id `null`, which may be
    overwritten where versioning is or will be suspended. Of some keys there is more to say. `changed_meanwhile`: written since
    the moment; listed is what they held before. `overwritten`: their version `null` was overwritten since, so that nobody can
    say what they held; they are left out. `unreadable`: the server cannot show every character, and they may be called otherwise.
    """

    def __init__(self, spool: Spool, moment: datetime, versioning: str | None) -> None:
        self._spool = spool
        self.moment = moment
        self.versioning = versioning
        # Looked at twice, a key may be known from the first time.
        spool.do("DELETE FROM noticed WHERE what = ? AND key IN (SELECT key FROM current)", OVERWRITTEN)
        self.changed_meanwhile = self._noticed(CHANGED)
        self.overwritten = self._noticed(OVERWRITTEN)
        self.unreadable = self._noticed(UNREADABLE)
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

    def _noticed(self, what: str) -> Noticed:
        count = self._spool.one("SELECT count(*) FROM noticed WHERE what = ?", what)[0]
        names = self._spool.rows("SELECT key FROM noticed WHERE what = ? ORDER BY key LIMIT ?", what, _FEW)
        return Noticed(count, tuple(key for (key,) in names))
