"""What is to be sent: an open file, parts of which several threads read at once, and read again where sending failed."""

import io
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

from dws_core.errors import UnstableFileError

_PIECE = 256 * 1024


class Source:
    """So many bytes of a file, from where it stands. UnstableFileError where it ends before; `name` is for that message."""

    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self.size = size
        self._file = file
        self._name = name
        self._first = file.tell()
        self._lock = threading.Lock()

    def part(self, start: int, size: int) -> "Part":
        """Give a part of it as a file of its own."""
        return Part(self, start, size)

    def read(self, start: int, size: int) -> bytes:
        """Read `size` bytes, which must be there."""
        with self._lock:
            self._file.seek(self._first + start)
            content = self._file.read(size)
        if len(content) < size:
            raise UnstableFileError(self._name)
        return content


class Part(io.RawIOBase):
    """A file that is a part of a source."""

    def __init__(self, source: Source, start: int, size: int) -> None:
        self.size = size
        self._source = source
        self._start = start
        self._place = 0

    @property
    def body(self) -> IO[bytes]:
        """Itself, as what boto3 sends is called."""
        return cast("IO[bytes]", self)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        return self._place

    def read(self, size: int = -1) -> bytes:
        rest = max(self.size - self._place, 0)
        content = self._source.read(self._start + self._place, rest if size is None or size < 0 else min(size, rest))
        self._place += len(content)
        return content

    def pieces(self) -> Iterator[bytes]:
        """Yield all of it, never much at a time."""
        self.seek(0)
        while piece := self.read(_PIECE):
            yield piece
        self.seek(0)


@contextmanager
def opened(content: BinaryIO, size: int, name: str) -> Iterator[Source]:
    """Make a source of a file, which is copied first where it cannot be read again."""
    if content.seekable():
        yield Source(content, size, name)
        return
    with tempfile.TemporaryFile() as copy:
        left = size
        while left and (piece := content.read(min(left, _PIECE))):
            copy.write(piece)
            left -= len(piece)
        copy.seek(0)
        yield Source(copy, size, name)
