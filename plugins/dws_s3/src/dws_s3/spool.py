"""A sorter on disk: a private database that vanishes with whoever uses it."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dws_s3.fleeting import Fleeting

_CACHE = 32 * 1024
"""How many KiB of it are kept in memory."""

_MANY = 1000


class Spool:
    """Tables of one walk. Nobody else sees them, they need not outlive a crash, and memory stays bounded."""

    def __init__(self, directory: Path, *tables: str) -> None:
        self._place = Fleeting(directory, "spool-")
        self._database = sqlite3.connect(self._place.path / "rows", isolation_level=None)
        for setting in (
            "page_size=8192",
            "journal_mode=OFF",
            "synchronous=OFF",
            "locking_mode=EXCLUSIVE",
            f"cache_size=-{_CACHE}",
        ):
            self._database.execute(f"PRAGMA {setting}")
        for table in tables:
            self._database.execute(f"CREATE TABLE {table}")
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Remove it; may be called again."""
        self._database.close()
        self._place.close()

    def do(self, statement: str, *values: Any) -> None:
        """Run one statement."""
        self._database.execute(statement, values)

    def add(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run one statement for each of many rows."""
        self._database.executemany(statement, rows)

    def one(self, query: str, *values: Any) -> Any:
        """Answer the first row, or None."""
        return self._database.execute(query, values).fetchone()

    def rows(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Yield rows; others may be read and written meanwhile, which this does not see for sure."""
        cursor = self._database.execute(query, values)
        while found := cursor.fetchmany(_MANY):
            yield from found
