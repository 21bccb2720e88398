"""A pack: many small objects in one file, with an index beside it that can be made again from it."""

import hashlib
import os
import struct
import sys
from array import array
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dws_core.errors import DamagedObjectError
from dws_core.objects.layout import FILE_MODE
from dws_core.objects.writing import sync_directory, write_all, write_whole

_PACK = ".pack"
PACK_HEADER = b"dws-pack 1\n"
_INDEX_HEADER = b"dws-index 1\n"
RECORD = struct.Struct("<32sI")
_COUNT = struct.Struct("<Q")
_BUFFER = 1024 * 1024


class Row(NamedTuple):
    """One object of a pack: its id, where it begins, and how many bytes it has."""

    id: bytes
    offset: int
    length: int


class Pack:
    """Objects by the number of their row, in the order they were written."""

    def __init__(self, path: Path, ids: bytes, offsets: "array[int]", lengths: "array[int]") -> None:
        self.path = path
        self.ids = ids
        self._descriptor: int | None = None
        self._offsets = offsets
        self._lengths = lengths

    @classmethod
    def open(cls, path: Path, *, mend: bool = True) -> "Pack":
        """Open a sealed pack by its index, which is made again where it is missing or damaged; without `mend` not on disk."""
        try:
            ids, offsets, lengths = parse_index(index_of(path).read_bytes())
        except (FileNotFoundError, ValueError):
            ids, offsets, lengths = _rebuild(path)
            if mend:
                with suppress(OSError):
                    write_index(path, ids, offsets, lengths)
        return cls(path, ids, offsets, lengths)

    def __len__(self) -> int:
        return len(self._offsets)

    def read(self, row: int) -> bytes:
        """Read an object's bytes; whoever asks compares the hash."""
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(self._descriptor, self._lengths[row], self._offsets[row])

    def id_of(self, row: int) -> bytes:
        """Name an object, as long as `ids` is kept."""
        return self.ids[row * 32 : row * 32 + 32]

    def length_of(self, row: int) -> int:
        """Tell how many bytes an object has."""
        return self._lengths[row]

    @property
    def end(self) -> int:
        """The bytes that the file has if it is whole."""
        return self._offsets[-1] + self._lengths[-1] if self._offsets else len(PACK_HEADER)

    @property
    def is_open(self) -> bool:
        return self._descriptor is not None

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class PackWriter(Pack):
    """A pack that is being written; what it holds can be read at once, and survives once it is sealed."""

    def __init__(self, directory: Path, temporary: Path) -> None:
        super().__init__(temporary, b"", array("Q"), array("I"))
        self._directory = directory
        self._descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
        self._hash = hashlib.sha256()
        self._buffer = bytearray(PACK_HEADER)
        self._new_ids: list[bytes] = []
        self.length = len(PACK_HEADER)

    def add(self, identity: bytes, content: bytes) -> int:
        """Append an object and answer its row."""
        self._buffer += RECORD.pack(identity, len(content))
        self._buffer += content
        self._offsets.append(self.length + RECORD.size)
        self._lengths.append(len(content))
        self._new_ids.append(identity)
        self.length += RECORD.size + len(content)
        if len(self._buffer) >= _BUFFER:
            self._flush()
        return len(self._offsets) - 1

    def read(self, row: int) -> bytes:
        self._flush()
        return super().read(row)

    def seal(self) -> None:
        """Make the pack last under the name of its hash."""
        assert self._descriptor is not None
        self._flush()
        os.fsync(self._descriptor)
        sealed = self._directory / f"{self._hash.hexdigest()}.pack"
        self.ids = b"".join(self._new_ids)
        write_index(sealed, self.ids, self._offsets, self._lengths)
        self.path.rename(sealed)
        sync_directory(self._directory)
        self.path = sealed
        self._new_ids = []

    def discard(self) -> list[bytes]:
        """Give the pack up, and answer the ids that are lost with it."""
        self.close()
        self.path.unlink(missing_ok=True)
        return self._new_ids

    def _flush(self) -> None:
        assert self._descriptor is not None
        if self._buffer:
            self._hash.update(self._buffer)
            write_all(self._descriptor, self._buffer, self.path)
            self._buffer = bytearray()


def sealed_packs(directory: Path) -> list[Path]:
    """List the packs of a directory, which need not be there."""
    try:
        return sorted(path for path in directory.iterdir() if path.name.endswith(_PACK))
    except FileNotFoundError:
        return []


def lost_indexes(directory: Path) -> list[Path]:
    """List the indexes of a directory that have no pack: it was lost, or a command died that removed or made it."""
    try:
        return sorted(path for path in directory.iterdir() if path.suffix == ".index" and not path.with_suffix(_PACK).exists())
    except FileNotFoundError:
        return []


def ids_of_index(path: Path) -> frozenset[bytes]:
    """Read the ids that an index names; none where it is damaged."""
    try:
        ids = parse_index(path.read_bytes())[0]
    except (FileNotFoundError, ValueError):
        return frozenset()
    return frozenset(ids[start : start + 32] for start in range(0, len(ids), 32))


def row_cost(length: int) -> int:
    """Tell how many bytes an object of that length takes in a pack."""
    return RECORD.size + length


def index_of(path: Path) -> Path:
    return path.with_suffix(".index")


def write_index(path: Path, ids: bytes, offsets: "array[int]", lengths: "array[int]") -> None:
    """Write the index of a pack beside it."""
    write_whole(index_of(path), _encode_index(ids, offsets, lengths))


def index_bytes(path: Path) -> bytes:
    """Give the index of a sealed pack as it is written, made again where it is missing or damaged."""
    try:
        index = index_of(path).read_bytes()
        parse_index(index)
        return index
    except (FileNotFoundError, ValueError):
        return _encode_index(*_rebuild(path))


def _encode_index(ids: bytes, offsets: "array[int]", lengths: "array[int]") -> bytes:
    body = _INDEX_HEADER + _COUNT.pack(len(offsets)) + ids + _little(offsets).tobytes() + _little(lengths).tobytes()
    return body + hashlib.sha256(body).digest()


def parse_index(data: bytes) -> tuple[bytes, "array[int]", "array[int]"]:
    """Read an index; ValueError where it is damaged."""
    body = memoryview(data)[:-32]
    start = len(_INDEX_HEADER) + _COUNT.size
    if len(data) < start + 32 or hashlib.sha256(body).digest() != data[-32:] or not data.startswith(_INDEX_HEADER):
        raise ValueError("the index is damaged")
    (count,) = _COUNT.unpack_from(data, len(_INDEX_HEADER))
    if len(body) != start + count * 44:
        raise ValueError("the index has another length than it says")
    offsets, lengths = array("Q"), array("I")
    offsets.frombytes(body[start + count * 32 : start + count * 40])
    lengths.frombytes(body[start + count * 40 :])
    return bytes(body[start : start + count * 32]), _little(offsets), _little(lengths)


def _little(numbers: "array[int]") -> "array[int]":
    """Turn numbers from or to the order of bytes on disk, which is that of nearly every machine."""
    if sys.byteorder == "little":
        return numbers
    turned = array(numbers.typecode, numbers)
    turned.byteswap()
    return turned


def read_rows(index: Path) -> Iterator[Row] | None:
    """Read row by row what an index says of its pack; None where it is missing or damaged."""
    try:
        ids, offsets, lengths = parse_index(index.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    starts = range(0, len(ids), 32)
    return (Row(ids[start : start + 32], *place) for start, *place in zip(starts, offsets, lengths, strict=True))


def records_in(file: BinaryIO, size: int) -> Iterator[Row]:
    """Yield every whole record from where a pack is read now, to its end or to what cannot be a record."""
    place = file.tell()
    while place + RECORD.size <= size:
        identity, length = RECORD.unpack(file.read(RECORD.size))
        place += RECORD.size
        if place + length > size:
            return
        yield Row(identity, place, length)
        place += length
        file.seek(place)


def _rebuild(path: Path) -> tuple[bytes, "array[int]", "array[int]"]:
    """Work out an index; DamagedObjectError if the file does not begin as a pack."""
    ids: list[bytes] = []
    offsets, lengths = array("Q"), array("I")
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(len(PACK_HEADER)) != PACK_HEADER:
            raise DamagedObjectError(f"the pack {path.name}")
        for row in records_in(file, size):
            ids.append(row.id)
            offsets.append(row.offset)
            lengths.append(row.length)
    return b"".join(ids), offsets, lengths
