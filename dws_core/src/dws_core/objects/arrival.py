"""What arrives from a store: counted and hashed while it is on its way, and kept where somebody says how."""

import hashlib
import io
from array import array
from collections.abc import Callable
from typing import TYPE_CHECKING

from dws_core.errors import DamagedStoreError
from dws_core.objects.layout import PACKED_BELOW
from dws_core.objects.pack import PACK_HEADER, RECORD
from dws_core.plugin.store import Kept, Store

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PART = 1024 * 1024


class Arrival(io.RawIOBase):
    """Takes the bytes of one thing, and writes them to an open file; more of them than were listed are a DamagedStoreError."""

    def __init__(self, store: Store, kept: Kept, keep: Callable[[bytes], object] | None = None) -> None:
        self.kept = kept
        self._store = store
        self._keep = keep
        self._size = 0
        self._hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, part: "ReadableBuffer") -> int:
        content = bytes(part)
        self._size += len(content)
        if self._size > self.kept.size:
            raise self.damaged("it is longer than the store says")
        self._hash.update(content)
        self._take(content)
        if self._keep is not None:
            self._keep(content)
        return len(content)

    def receive(self, digest: str) -> None:
        """Let it come, to the end; FileNotFoundError, and DamagedStoreError unless it has that hash."""
        with io.BufferedWriter(self, _PART) as file:
            self._store.fetch(self.kept.name, file)
        self._end()
        if self._size != self.kept.size or self._hash.hexdigest() != digest:
            raise self.damaged("its content does not have the hash that its name says")

    def damaged(self, reason: str) -> DamagedStoreError:
        return DamagedStoreError(self._store.url, self.kept.name, reason)

    def _take(self, content: bytes) -> None:
        """Look at what comes."""

    def _end(self) -> None:
        """Look back when all has come."""


class PackArrival(Arrival):
    """Takes a pack, and believes nothing: each object in it must have the hash that is its id.

    `ids`, `offsets` and `lengths` are then those of a true index.
    """

    def __init__(self, store: Store, kept: Kept, keep: Callable[[bytes], object] | None = None) -> None:
        super().__init__(store, kept, keep)
        self.offsets, self.lengths = array("Q"), array("I")
        self._ids: list[bytes] = []
        self._rest = b""
        self._place = -len(PACK_HEADER)

    @property
    def ids(self) -> bytes:
        return b"".join(self._ids)

    def _take(self, content: bytes) -> None:
        data, place = self._rest + content, 0
        if self._place < 0:
            if len(data) < len(PACK_HEADER):
                self._rest = data
                return
            if not data.startswith(PACK_HEADER):
                raise self.damaged("it is no pack")
            place = len(PACK_HEADER)
            self._place = 0
        taken = self._sift(data, place, hashlib.sha256)
        self._rest = data[taken:]
        self._place += taken

    def _sift(self, data: bytes, place: int, digest: Callable[[memoryview], "hashlib._Hash"]) -> int:
        """Check every record that is there as a whole, and answer where they end."""
        view, end, size = memoryview(data), len(data), RECORD.size
        unpack, ids, offsets, lengths = RECORD.unpack_from, self._ids.append, self.offsets.append, self.lengths.append
        while place + size <= end:
            identity, length = unpack(data, place)
            start = place + size
            if length >= PACKED_BELOW:
                raise self.damaged("it holds an object that is too large for a pack")
            if start + length > end:
                break
            place = start + length
            if digest(view[start:place]).digest() != identity:
                raise self.damaged(f"the object {identity.hex()} in it does not have its hash")
            ids(identity)
            offsets(self._place + start)
            lengths(length)
        return place

    def _end(self) -> None:
        if self._rest or self._place < 0:
            raise self.damaged("it ends in the middle")
