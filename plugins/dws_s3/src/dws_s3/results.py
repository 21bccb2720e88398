"""Results in a bucket: copied to the directory of their snapshot before it is recorded, and hidden where they were after it.

Only the bucket gives versions their ids, so the copies are made first, and the record names them. Until it is there, delete
markers hide them. What is under way is noted, so that copies which a dead command left in sight are known.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from heapq import merge
from operator import attrgetter

from dws_core.model.codec import JsonObject, object_of, text_of
from dws_core.plugin import Note, ResultsMove, results_moves
from dws_s3.comparing import is_equal
from dws_s3.copies import KnownCopies
from dws_s3.copying import copy
from dws_s3.deleting import hide, show
from dws_s3.errors import AccessDeniedError, RequestRefusedError
from dws_s3.extent import Extent
from dws_s3.keys import parameter
from dws_s3.rows import Row

_HANDS = 16
_KEY = attrgetter("key")


@dataclass(frozen=True)
class Results:
    """The results of a resource in a bucket, and the note of a move that is not done yet."""

    extent: Extent
    note: Note

    @property
    def under_way(self) -> str:
        """The directory (`snapshots/host-V1/`) that holds copies which no record may name yet; "" where none does."""
        found = self.note.read()
        return text_of(found, "destination") + "/" if found is not None else ""

    def without_copies(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Leave out of what is current the copies of a move that is not done yet."""
        hidden = self.under_way
        start = self.extent.key(hidden)
        return (row for row in rows if not (hidden and row.key.startswith(start)))

    def copy(self, rows: Iterable[Row], move: ResultsMove) -> Iterator[Row]:
        """Copy results to their directory, write the files beside them, and give all rows in order as they are after the move."""
        self.sweep()
        everything = [*rows]
        goes = results_moves({self._top(row) for row in everything}, move)
        moving = [row for row in everything if self._top(row) in goes]
        note: JsonObject = {
            "destination": move.destination,
            "originals": {self.extent.path(row.key): row.version for row in moving},
        }
        self.note.write(note)
        with ThreadPoolExecutor(_HANDS) as pool:
            copies = [*pool.map(lambda row: copy(self.extent.connection, row, self._target(row, move)), moving)]
        made = sorted([*copies, *self._write(move)], key=_KEY)
        markers = hide(self.extent.connection, (row.key for row in made))
        self.note.write({**note, "markers": {self.extent.path(key): marker for key, marker in markers.items()}})
        return merge((row for row in everything if self._top(row) not in goes), made, key=_KEY)

    def finish(self, rows: Iterable[Row], move: ResultsMove, current: Iterable[Row], copies: KnownCopies) -> None:
        """Show everything recorded in the directory, and hide the originals that are still what was copied."""
        there = {row.key: row for row in current}
        recorded = [row for row in rows if self.extent.path(row.key).startswith(f"{move.destination}/")]
        note = self.note.read() or {}
        self._show(move.destination, [row for row in recorded if row.key not in there], object_of(note, "markers"), copies)
        hide(self.extent.connection, self._moved(recorded, move, there, object_of(note, "originals")))
        self.note.remove()

    def sweep(self) -> None:
        """Hide the copies that a dead command made for a snapshot that was never recorded."""
        hidden = self.under_way
        if hidden:
            with self.extent.current(hidden) as rows:
                keys = [row.key for row in rows]
            hide(self.extent.connection, keys)
            self.note.remove()

    def _show(self, directory: str, rows: list[Row], markers: JsonObject, copies: KnownCopies) -> None:
        """Make recorded versions current: by removing the marker that hides each, or else, where that may not be, as a copy."""
        ours = {row.key: str(markers[path]) for row in rows if (path := self.extent.path(row.key)) in markers}
        with suppress(AccessDeniedError, RequestRefusedError):
            show(self.extent.connection, ours)
        with self.extent.current(f"{directory}/") as found:
            there = {row.key for row in found}
        absent = [row for row in rows if row.key not in there]
        with ThreadPoolExecutor(_HANDS) as pool:
            copies.add(pool.map(lambda row: (row, copy(self.extent.connection, row, row.key)), absent))

    def _write(self, move: ResultsMove) -> Iterator[Row]:
        for name, content in move.files.items():
            key = self.extent.key(f"{move.destination}/{name}")
            target = parameter(key)
            with self.extent.connection.doing("write", target) as client:
                made = client.put_object(Bucket=self.extent.bucket, Key=target, Body=content)
            yield Row(key, made["VersionId"], len(content), made["ETag"].strip('"'))

    def _moved(
        self, recorded: Iterable[Row], move: ResultsMove, there: Mapping[bytes, Row], noted: JsonObject
    ) -> Iterator[bytes]:
        """Name the originals of recorded copies that are still what was copied."""
        for row in recorded:
            path = self.extent.path(row.key).removeprefix(f"{move.destination}/")
            original = there.get(self.extent.key(path))
            if original is None or path in move.files:
                continue
            if noted.get(path) == original.version or is_equal(original, row, {}):
                yield original.key

    def _top(self, row: Row) -> str:
        return self.extent.path(row.key).partition("/")[0]

    def _target(self, row: Row, move: ResultsMove) -> bytes:
        return self.extent.key(f"{move.destination}/{self.extent.path(row.key)}")
