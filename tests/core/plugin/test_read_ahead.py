"""A file that is read in parts from elsewhere: what is asked for, when, and how many at once."""

import io
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pytest

from dws_core.errors import UnstableFileError
from dws_core.plugin import read_ahead
from dws_core.plugin.reading_ahead import AT_ONCE, PART

SIZE = 20 * PART + 12345


class Elsewhere:
    """Content that is far away: it counts what is asked of it, and answers after a while."""

    def __init__(self, size: int = SIZE, delay: float = 0.0) -> None:
        self.size = size
        self.delay = delay
        self.asked: list[tuple[int, int]] = []
        self.at_once = self.most_at_once = 0
        self.fails_from = size
        self._lock = threading.Lock()

    def read(self, start: int, length: int) -> bytes:
        with self._lock:
            self.asked.append((start, length))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.delay)
        with self._lock:
            self.at_once -= 1
        if start + length > self.fails_from:
            raise ConnectionError("it is gone")
        return content(start, length)

    @property
    def bytes(self) -> int:
        return sum(length for _, length in self.asked)

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        with read_ahead(self.read, self.size, "file") as file:
            yield file


def content(start: int, length: int) -> bytes:
    """Every place of the content tells which one it is."""
    first = start // 8
    numbers = b"".join(number.to_bytes(8, "big") for number in range(first, (start + length) // 8 + 1))
    return numbers[start - first * 8 : start - first * 8 + length]


def ours() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("dws-read-ahead")]


@pytest.mark.parametrize("step", [1000, 1 << 16, 3 * PART + 1, -1])
def test_reading_on_gives_every_byte_once(step: int) -> None:
    elsewhere = Elsewhere(size=5 * PART + 77)

    with elsewhere.opened() as file:
        found = b"".join(iter(lambda: file.read(step), b""))

    assert found == content(0, elsewhere.size)
    assert elsewhere.bytes == elsewhere.size


def test_reading_on_has_many_parts_come_at_once_and_never_more() -> None:
    elsewhere = Elsewhere(delay=0.1)

    with elsewhere.opened() as file:
        while file.read(1 << 20):
            assert len(ours()) <= AT_ONCE

    assert AT_ONCE // 2 < elsewhere.most_at_once <= AT_ONCE
    assert max(length for _, length in elsewhere.asked) <= PART


def test_what_is_ahead_is_bounded() -> None:
    """Whoever reads slowly has no more in memory than the parts in flight."""
    elsewhere = Elsewhere()

    with elsewhere.opened() as file:
        for _ in range(200):
            file.read(1 << 18)
        time.sleep(0.1)

        assert elsewhere.bytes <= file.tell() + (AT_ONCE + 1) * PART


def test_looking_here_and_there_asks_for_little_more_than_is_read() -> None:
    """A parquet file's footer, then a column: reading at random is not taken for reading on."""
    elsewhere, chance = Elsewhere(), random.Random(1)
    places = [chance.randrange(SIZE - 1_000_000) for _ in range(50)]

    with elsewhere.opened() as file:
        for place in places:
            file.seek(place)
            assert file.read(1_000_000) == content(place, 1_000_000)

    assert elsewhere.bytes <= 1.5 * 50_000_000
    assert ours() == []


def test_the_end_is_found_where_it_is() -> None:
    elsewhere = Elsewhere()

    with elsewhere.opened() as file:
        assert file.seek(-8, io.SEEK_END) == SIZE - 8
        assert (file.read(), file.read(), file.read(5)) == (content(SIZE - 8, 8), b"", b"")
        assert file.seek(SIZE + 5) and file.read() == b""
        with pytest.raises(ValueError, match="negative"):
            file.seek(-SIZE - 1, io.SEEK_END)


def test_an_error_is_raised_to_the_reader_and_reading_can_be_tried_again() -> None:
    elsewhere = Elsewhere(size=6 * PART)
    elsewhere.fails_from = 4 * PART

    with elsewhere.opened() as file:
        with pytest.raises(ConnectionError, match="gone"):
            while file.read(1 << 20):
                pass
        place = file.tell()
        elsewhere.fails_from = elsewhere.size
        rest = file.read()

    assert rest == content(place, elsewhere.size - place)


def test_content_that_is_shorter_than_it_said_is_no_content() -> None:
    with (
        read_ahead(lambda start, length: b"x" * (length - 1), 100, "data.csv") as file,
        pytest.raises(UnstableFileError, match="data"),
    ):
        file.read()


def test_threads_end_with_the_file() -> None:
    elsewhere = Elsewhere(delay=0.02)

    with elsewhere.opened() as file:
        for _ in range(40):
            file.read(1 << 20)
        assert ours()
    ended = time.monotonic() + 5
    while ours() and time.monotonic() < ended:
        time.sleep(0.01)

    assert ours() == []
    with pytest.raises(ValueError, match="closed"):
        file.read()


def test_nothing_is_asked_for_before_it_is_read() -> None:
    elsewhere = Elsewhere()

    with elsewhere.opened():
        pass

    assert elsewhere.asked == []


def test_an_empty_file_is_empty() -> None:
    with Elsewhere(size=0).opened() as file:
        assert file.read() == b""
