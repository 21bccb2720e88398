"""The records of a workspace on disk: one immutable file each, named by the hash of its bytes."""

import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from dws_core.errors import DamagedRecordError, FileAccessError, NamingError, PathRefusedError, UnknownNameError
from dws_core.journal import write_whole
from dws_core.model.codec import JsonObject, dump, parse, record_id
from dws_core.model.later import LaterSequence
from dws_core.workspace.index import Index, Row

N = TypeVar("N")
Abridge: TypeAlias = Callable[[JsonObject, str], JsonObject]
"""What gives the part of a record that its index keeps, given the record and its id; ValueError if it makes no sense."""

_ID = re.compile(r"[0-9a-f]{64}")
_decode = json.JSONDecoder().raw_decode


class Records:
    """The folders of `.dataworkspace/` that hold records; in `index` this clone keeps what lets it read them fast.

    That is a copy of each record, and of the kinds in `abridge` the part that the function there gives.
    """

    def __init__(self, directory: Path, index: Path, abridge: Mapping[str, Abridge] | None = None) -> None:
        self.directory = directory
        self._indexes = index
        self._abridge = abridge or {}
        self._index: dict[str, Index] = {}
        self._rows: dict[str, Mapping[str, Row]] = {}
        self._nouns: dict[str, Sequence[Any]] = {}

    def refresh(self) -> None:
        """Look at the disk again; until then, what was read once is what there is."""
        self._rows.clear()
        self._nouns.clear()

    def nouns(self, kind: str, make: Callable[[JsonObject, str], N]) -> Sequence[N]:
        """Make nouns of all records of a kind, oldest first; DamagedRecordError names the file that makes no sense."""
        if kind not in self._nouns:
            self._nouns[kind] = [self._make(kind, identity, value, make) for identity, value in self.read(kind).items()]
        return self._nouns[kind]

    def abridged(self, kind: str, make: Callable[[JsonObject, Callable[[], JsonObject], str], N]) -> Sequence[N]:
        """Give a noun for each record of a kind, oldest first, made when it is asked for of what the index keeps of it.

        `make` is handed that, a function that reads the whole record, and the id.
        """
        if kind not in self._nouns:
            rows = self.rows(kind)

            def noun(identity: str) -> N:
                return make(_decode(rows[identity].text)[0], partial(self.one, kind, identity), identity)

            self._nouns[kind] = LaterSequence([*rows], noun)
        return self._nouns[kind]

    def _make(self, kind: str, identity: str, value: JsonObject, make: Callable[[JsonObject, str], N]) -> N:
        try:
            return make(value, identity)
        except (ValueError, NamingError, PathRefusedError) as error:
            raise DamagedRecordError(str(self.directory / kind / f"{identity}.json"), str(error)) from error

    def read(self, kind: str) -> Mapping[str, JsonObject]:
        """Give all records of a kind by id, in order of their time, then id; DamagedRecordError names file and line."""
        if kind in self._abridge:
            return {identity: self.one(kind, identity) for identity in self.rows(kind)}
        return {identity: json.loads(row.text) for identity, row in self.rows(kind).items()}

    def rows(self, kind: str) -> Mapping[str, Row]:
        """Give what the index keeps of each record of a kind by id, in order of their time, then id.

        A record that is not known with the size and times that it has is read, and DamagedRecordError names file and line.
        """
        if kind not in self._rows:
            index = self._index.setdefault(kind, Index(self._indexes / kind))
            known = index.rows()
            found: dict[str, Row] = {}
            fresh: list[str] = []
            for identity, stamp in self._list(kind):
                row = known.get(identity)
                if row is None or row.stamp != stamp:
                    row = self._row(kind, identity, stamp, self._check(f"{kind}/{identity}.json"))
                    fresh.append(identity)
                found[identity] = row
            if fresh:
                index.keep(fresh, found)
            self._rows[kind] = dict(sorted(found.items(), key=lambda item: (item[1].time, item[0])))
        return self._rows[kind]

    def index_is_true(self, kind: str, records: Mapping[str, JsonObject]) -> bool:
        """Tell whether the index says of these records, as long as it takes their files for unchanged, what is in them."""
        known = Index(self._indexes / kind).rows()
        stamps = dict(self._list(kind))
        believed = {identity: row for identity, row in known.items() if identity in records and row.stamp == stamps.get(identity)}
        return all(row == self._row(kind, identity, row.stamp, records[identity]) for identity, row in believed.items())

    def forget_index(self, kind: str) -> None:
        """Remove what is kept of a kind; the next reader makes it anew."""
        (self._indexes / kind).unlink(missing_ok=True)

    def _row(self, kind: str, identity: str, stamp: str, value: JsonObject) -> Row:
        kept = self._make(kind, identity, value, self._abridge[kind]) if kind in self._abridge else value
        return Row(stamp, str(value.get("time", "")), json.dumps(kept, separators=(",", ":")))

    def one(self, kind: str, identity: str) -> JsonObject:
        """Read one record; UnknownNameError if it is not there."""
        name = f"{kind}/{identity}.json"
        if not _ID.fullmatch(identity) or not (self.directory / name).is_file():
            raise UnknownNameError(f"record in {kind}", identity)
        return self._check(name)

    def put(self, kind: str, value: JsonObject) -> str:
        """Write a record and answer its id."""
        content = dump(value)
        identity = record_id(content)
        path = self.directory / kind / f"{identity}.json"
        self._rows.pop(kind, None)
        self._nouns.pop(kind, None)
        if not path.is_file():
            write_whole(path, content)
        return identity

    def sweep(self) -> None:
        """Remove what a killed process left half written; the workspace's lock is held."""
        for path in self.directory.glob("*/.*.tmp"):
            path.unlink(missing_ok=True)

    def _list(self, kind: str) -> Iterator[tuple[str, str]]:
        """Give the id of each record of a kind, with the size and times of its file; the latter cannot be set at will."""
        try:
            with os.scandir(self.directory / kind) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and not entry.name.startswith("."):
                        status = entry.stat(follow_symlinks=False)
                        if not stat.S_ISREG(status.st_mode):
                            raise DamagedRecordError(entry.path, "a record must be a plain file")
                        yield entry.name[:-5], f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        except FileNotFoundError:
            return
        except OSError as error:
            raise FileAccessError(self.directory / kind, error) from error

    def _check(self, name: str) -> JsonObject:
        path = self.directory / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FileAccessError(path, error) from error
        value = parse(content, str(path))
        if record_id(content) != path.stem:
            raise DamagedRecordError(str(path), "its content does not have the hash that its name says")
        return value
