"""Large files as blocks: the list that identifies them, and reading them back block by block."""

import io
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from dws_core.errors import DamagedObjectError
from dws_core.objects.layout import BLOCK

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LIST_HEADER = b"dws-blocks 1\n"
_SIZE = struct.Struct(">Q")
_START = len(LIST_HEADER) + _SIZE.size


def block_count(size: int) -> int:
    return (size + BLOCK - 1) // BLOCK


def block_length(size: int, number: int) -> int:
    """The bytes of one block of a file of that size."""
    return min(BLOCK, size - number * BLOCK)


def listed_size(data: bytes) -> int:
    """Read the size of the file that a block list says it is of; -1 where it is cut short."""
    return int(_SIZE.unpack_from(data, len(LIST_HEADER))[0]) if len(data) >= _START else -1


def encode_list(size: int, blocks: list[bytes]) -> bytes:
    return LIST_HEADER + _SIZE.pack(size) + b"".join(blocks)


def decode_list(data: bytes, size: int, what: str) -> list[bytes]:
    """Read the block list of a file of that size; DamagedObjectError, naming `what`, if it is none."""
    if len(data) != _START + 32 * block_count(size) or data[:_START] != LIST_HEADER + _SIZE.pack(size):
        raise DamagedObjectError(what)
    return [data[start : start + 32] for start in range(_START, len(data), 32)]


class BlockReader(io.RawIOBase):
    """A large file as a stream, of which every block is checked before a byte of it is given out."""

    def __init__(self, size: int, blocks: list[bytes], read: Callable[[bytes], bytes]) -> None:
        self._size = size
        self._blocks = blocks
        self._read = read
        self._place = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def readinto(self, buffer: "WriteableBuffer") -> int:
        if self._place >= self._size:
            return 0
        number, skip = divmod(self._place, BLOCK)
        if self._held[0] != number:
            self._held = (number, self._read(self._blocks[number]))
        with memoryview(buffer).cast("B") as target:
            part = self._held[1][skip : skip + len(target)]
            target[: len(part)] = part
        self._place += len(part)
        return len(part)
