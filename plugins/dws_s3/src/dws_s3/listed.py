"""What a listing found, on disk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import NamedTuple, Self

from dws_s3.pages import NULL
from dws_s3.spool import Spool

TABLE = "current (key BLOB PRIMARY KEY, version TEXT, size INTEGER, etag TEXT, modified TEXT) WITHOUT ROWID"
"""The table of a spool in which the rows of a listing lie."""

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
