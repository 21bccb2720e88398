"""A file that is read in parts from elsewhere."""

import io
from collections.abc import Callable
from typing import BinaryIO, cast

_BUFFER = 1024 * 1024


def read_ahead(read: Callable[[int, int], bytes], size: int) -> BinaryIO:
    """Open what `read(start, length)` gives parts of, `size` bytes in all, as a file that can be sought in."""
    return cast(BinaryIO, io.BufferedReader(_Parts(read, size), _BUFFER))


class _Parts(io.RawIOBase):
    """Asks for each part as it is wanted."""

    def __init__(self, read: Callable[[int, int], bytes], size: int) -> None:
        self._read = read
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError(f"negative seek position {start + offset}")
        self._place = start + offset
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # whatever holds bytes, as the docs say
        wanted = min(len(buffer), max(self._size - self._place, 0))
        part = self._read(self._place, wanted) if wanted else b""
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)
