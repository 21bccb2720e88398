"""Reading a manifest: all rows in order, one key, or what lies directly below a path, from as few chunks as that needs."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import Generic

from dws_core.errors import DamagedRecordError, NewerFormatError
from dws_core.model import codec
from dws_core.model.codec import Json, JsonObject
from dws_core.plugin.chunks import FORMAT, INDEX, Chunk, chunk_name
from dws_core.plugin.objects import Objects
from dws_core.plugin.rows import MAX_CHUNK, SEPARATOR, Form, R, key_of, split, text_of

_KEY = attrgetter("key")
_FIRST = attrgetter("first")
_KEPT = 4
_MAX_CHUNKS = 10_000_000
_AFTER_SEPARATOR = bytes([SEPARATOR[0] + 1])


@dataclass(frozen=True)
class Below(Generic[R]):
    """What lies directly below a path: a file, or, without a row, a directory, whose key ends in the separator."""

    key: bytes
    row: R | None = None


class Manifest(Generic[R]):
    """A manifest of the object store, by the id of its tree. Whatever is not as we write it is a DamagedRecordError."""

    def __init__(self, objects: Objects, tree: str, form: Form[R]) -> None:
        self.id = tree
        self._objects = objects
        self._form = form
        self._chunk = lru_cache(_KEPT)(self._read)

    @property
    def head(self) -> Mapping[str, str]:
        """What it says of all its rows."""
        return self._index[0]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(each.rows for each in self._chunks)

    @property
    def size(self) -> int:
        """How many bytes their files have."""
        return sum(each.size for each in self._chunks)

    def chunk_ids(self) -> frozenset[str]:
        """Name the objects that hold its rows: equal ones hold equal rows."""
        return frozenset(self._ids)

    def rows(self, *, without: Collection[str] = ()) -> Iterator[R]:
        """Yield the rows in order, chunk after chunk; `without` names chunks to leave out."""
        for number, name in enumerate(self._ids):
            if name not in without:
                yield from self._read(number)

    def find(self, key: bytes) -> R | None:
        """Find the row of a key."""
        number = self._holding(key)
        if number < 0:
            return None
        rows = self._chunk(number)
        place = bisect_right(rows, key, key=_KEY) - 1
        return rows[place] if place >= 0 and rows[place].key == key else None

    def below(self, prefix: bytes) -> Iterator[Below[R]]:
        """Yield the files whose keys begin with the prefix and have no separator behind it, and the directories there.

        The prefix of a directory ends in the separator; a row of that very key comes first. Nothing is read of directories
        that fill whole chunks.
        """
        start = prefix
        while (row := self._at_or_after(start)) is not None and row.key.startswith(prefix):
            end = row.key.find(SEPARATOR, len(prefix))
            if end < 0:
                yield Below(row.key, row)
                start = row.key + b"\0"
            else:
                yield Below(row.key[: end + 1])
                start = row.key[:end] + _AFTER_SEPARATOR

    def _at_or_after(self, key: bytes) -> R | None:
        number = max(self._holding(key), 0)
        for candidate in range(number, min(number + 2, len(self._chunks))):
            rows = self._chunk(candidate)
            place = bisect_right(rows, key, key=_KEY)
            place -= place > 0 and rows[place - 1].key == key
            if place < len(rows):
                return rows[place]
        return None

    def _holding(self, key: bytes) -> int:
        """Number the chunk in which a key would be; -1 before the first."""
        return bisect_right(self._chunks, key, key=_FIRST) - 1

    def _read(self, number: int) -> list[R]:
        """Read a chunk, and check that it is what the index says."""
        where = f"chunk {chunk_name(number)} of the manifest {self.id}"
        rows = split(self._objects.get(self._ids[number]), self._form, where)
        chunk, following = self._chunks[number], self._chunks[number + 1 : number + 2]
        if chunk != Chunk(rows[0].key, len(rows), sum(row.size for row in rows)):
            raise DamagedRecordError(where, "it is not what the index tells of it")
        if following and rows[-1].key >= following[0].first:
            raise DamagedRecordError(where, "its keys reach into the next chunk")
        return rows

    @property
    def _chunks(self) -> tuple[Chunk, ...]:
        return self._index[1]

    @property
    def _ids(self) -> tuple[str, ...]:
        return self._index[2]

    @cached_property
    def _index(self) -> tuple[Mapping[str, str], tuple[Chunk, ...], tuple[str, ...]]:
        """Read the index, and check that the tree holds it and its chunks, and nothing else."""
        where = f"the manifest {self.id}"
        entries = {}
        for entry in self._objects.entries(self.id):
            entries[entry.path] = entry
            if len(entries) > _MAX_CHUNKS or entry.size > (codec.MAX_BYTES if entry.path == INDEX else MAX_CHUNK):
                raise DamagedRecordError(where, f"{entry.path} is too much")
        index = entries.pop(INDEX, None)
        if index is None:
            raise DamagedRecordError(where, "it has no index")
        found = codec.parse(self._objects.get(index.id), where)
        _check_format(found, where)
        try:
            chunks = tuple(_chunk(each) for each in _list(found.get("chunks")))
            head = {name: text_of(key_of(codec.text_of(found, name))) for name in self._form.heads}
        except ValueError as error:
            raise DamagedRecordError(where, str(error)) from error
        if any(one.first >= other.first for one, other in pairwise(chunks)):
            raise DamagedRecordError(where, "its chunks are not in order")
        names = [chunk_name(number) for number in range(len(chunks))]
        if sorted(entries) != sorted(names):
            raise DamagedRecordError(where, "it does not hold the chunks that its index names")
        return head, chunks, tuple(entries[name].id for name in names)


def _check_format(index: JsonObject, where: str) -> None:
    found = index.get("format")
    if type(found) is not int or found < 1:
        raise DamagedRecordError(where, "it does not say its format")
    if found > FORMAT:
        raise NewerFormatError(where, 1, found, FORMAT)


def _list(found: Json) -> list[Json]:
    if not isinstance(found, list):
        raise ValueError("'chunks' must be a list")
    return found


def _chunk(found: Json) -> Chunk:
    match found:
        case [str(first), int(rows), int(size)] if type(rows) is int and type(size) is int and rows > 0 and size >= 0:
            return Chunk(key_of(first), rows, size)
    raise ValueError("a chunk is not a first key, a number of rows and one of bytes")
