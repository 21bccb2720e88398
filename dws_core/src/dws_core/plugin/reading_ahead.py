"""A file that is read in parts from elsewhere, several at once where it is read on and on."""

import io
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO, cast

from dws_core.errors import UnstableFileError

PART = 8 * 1024 * 1024
AT_ONCE = 8
_BUFFER = 128 * 1024
_ON_AND_ON = 2

Read = Callable[[int, int], bytes]


def read_ahead(read: Read, size: int, path: str = "") -> BinaryIO:
    """Open what `read(start, length)` gives parts of, `size` bytes in all, as a file that can be sought in.

    No more is asked for ahead than was read on and on before, and at most `AT_ONCE` parts of `PART` bytes, each in a thread of
    its own; one that raises does so to whoever reads there. What lies at `path` must hold what it says: UnstableFileError.
    """
    return cast(BinaryIO, io.BufferedReader(_Ahead(read, size, path), _BUFFER))


@dataclass(frozen=True)
class _Part:
    """Bytes that are on their way."""

    start: int
    end: int
    coming: "Future[bytes]"


class _Ahead(io.RawIOBase):
    """Holds parts that follow one another, the first of them where reading goes on."""

    def __init__(self, read: Read, size: int, path: str) -> None:
        self._read = read
        self._size = size
        self._path = path
        self._place = 0
        self._run = 0
        """How many bytes were read on and on, and in how many reads: a buffer in front makes two of one."""
        self._reads = 0
        self._parts: deque[_Part] = deque()
        self._threads: ThreadPoolExecutor | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence] + offset
        if place < 0:
            raise ValueError(f"negative seek position {place}")
        if place != self._place:
            self._run = self._reads = 0
        self._place = place
        return place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # whatever holds bytes, as the docs say
        view = memoryview(buffer).cast("B")
        content = self._next(len(view))
        view[: len(content)] = content
        return len(content)

    def readall(self) -> bytes:
        """Read all that is left, in whole parts."""
        found: list[memoryview] = []
        while content := self._next(self._size):
            found.append(content)
        return b"".join(found)

    def close(self) -> None:
        """Ask for nothing more; threads end with what they are reading."""
        if not self.closed:
            self._forget()
            if self._threads is not None:
                self._threads.shutdown(wait=False, cancel_futures=True)
        super().close()

    def _next(self, wanted: int) -> memoryview:
        """Read on from here: so many bytes, or fewer; none at the end."""
        wanted = min(wanted, self._size - self._place)
        if wanted <= 0:
            return memoryview(b"")
        while self._parts and not self._parts[0].start <= self._place < self._parts[0].end:
            self._parts.popleft().coming.cancel()
        self._ask(wanted)
        content = self._first()[:wanted] if self._parts else memoryview(self._whole(self._place, self._place + wanted))
        self._place += len(content)
        self._run += len(content)
        self._reads += 1
        return content

    def _ask(self, wanted: int) -> None:
        """Have parts come: what is wanted, and as much ahead as was read on and on; nothing where one part at once will do."""
        needed = self._place + wanted
        ahead = min(self._run, AT_ONCE * PART) if self._reads >= _ON_AND_ON else 0
        horizon = min(needed + ahead, self._size)
        unit = min(PART, max(self._run, wanted))
        asked = self._parts[-1].end if self._parts else self._place
        if not self._parts and horizon <= self._place + min(wanted, PART):
            return
        while len(self._parts) < AT_ONCE and asked < horizon and (asked < needed or min(asked + unit, self._size) <= horizon):
            end = min(asked + unit, self._size)
            self._parts.append(_Part(asked, end, self._pool.submit(self._whole, asked, end)))
            asked = end

    def _first(self) -> memoryview:
        """Wait for the part that holds the place, and give what it has from there on; an error of its is ours."""
        part = self._parts[0]
        try:
            content = part.coming.result()
        except BaseException:
            self._forget()
            raise
        return memoryview(content)[self._place - part.start :]

    def _whole(self, start: int, end: int) -> bytes:
        content = self._read(start, end - start)
        if len(content) != end - start:
            raise UnstableFileError(self._path)
        return content

    @property
    def _pool(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="dws-read-ahead")
        return self._threads

    def _forget(self) -> None:
        while self._parts:
            self._parts.popleft().coming.cancel()
