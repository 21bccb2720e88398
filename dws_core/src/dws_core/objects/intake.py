"""Reading files of the user's: each as it is at one moment, hashed, and stored where that is asked for."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from threading import local
from typing import NamedTuple

from dws_core.errors import FileAccessError, UnstableFileError
from dws_core.objects.blocks import block_count, block_length, encode_list
from dws_core.objects.contents import Contents
from dws_core.objects.layout import BLOCK, BLOCKS_ABOVE, PACKED_BELOW
from dws_core.objects.reflink import clone
from dws_core.objects.room import StoringRoom
from dws_core.objects.rows import Moment, is_racy, moment, row_of, same_moment
from dws_core.objects.tree import object_id
from dws_core.objects.writing import write_all

_TRIES = 3
_IN_MEMORY = 8 * 1024 * 1024
_CHUNK = 1024 * 1024
_WINDOW = 64
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Taken(NamedTuple):
    """A file as it was read: its row, its id, and whether it must be read again next time all the same."""

    row: bytes
    id: bytes
    racy: bool


class _ChangedError(Exception):
    """The file changed while it was read."""


class Intake:
    """Reads files; with `contents` (within its `writing`) it stores them too, with `room` it counts what that would take.

    `told` is called with the bytes of each block of a large file that was read; `since` is a moment before all reading.
    """

    def __init__(
        self,
        contents: Contents | None = None,
        room: StoringRoom | None = None,
        told: Callable[[int], object] = lambda _: None,
        since: Moment | None = None,
    ) -> None:
        self._contents = contents
        self._since = since
        self._told = told
        self._room = room
        self._thread = local()

    def take(self, path: bytes, pool: Executor | None = None) -> Taken:
        """Read a file or symlink; blocks of a large one are read in the pool's threads. UnstableFileError, FileAccessError."""
        for _ in range(_TRIES):
            try:
                return self._take_once(path, pool)
            except _ChangedError:
                continue
        raise UnstableFileError(os.fsdecode(path))

    def _take_once(self, path: bytes, pool: Executor | None) -> Taken:
        before = self._since or moment()
        try:
            descriptor = os.open(path, _FLAGS)
        except OSError as error:
            return self._take_link(path, before, error)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise _ChangedError
            try:
                identity = self._read(descriptor, status.st_size, pool)
            except OSError as error:
                raise FileAccessError(os.fsdecode(error.filename or path), error) from error
            if not same_moment(status, os.fstat(descriptor)):
                raise _ChangedError
        finally:
            os.close(descriptor)
        return Taken(row_of(status), identity, is_racy(status, before))

    def _take_link(self, path: bytes, before: Moment, error: OSError) -> Taken:
        try:
            status = os.lstat(path)
            if not stat.S_ISLNK(status.st_mode):
                raise FileAccessError(os.fsdecode(path), error) from error
            target = os.readlink(path)  # noqa: PTH115  # names are bytes, which pathlib does not take
        except OSError as gone:
            raise _ChangedError from gone
        return Taken(row_of(status), self._keep(target), is_racy(status, before))

    def _read(self, descriptor: int, size: int, pool: Executor | None) -> bytes:
        if size < PACKED_BELOW:
            content = os.read(descriptor, size + 1)
            if len(content) != size:
                raise _ChangedError
            return self._keep(content)
        if size > BLOCKS_ABOVE:
            return self._read_blocks(descriptor, size, pool)
        if self._contents is None:
            identity = _drain(descriptor, size, lambda _: None)
            self._count(identity, size, descriptor)
            return identity
        return self._copy(self._contents, descriptor, size)

    def _keep(self, content: bytes | bytearray) -> bytes:
        identity = object_id(content)
        if self._contents is not None and identity not in self._contents.known:
            self._contents.add_new(identity, content)
        self._count(identity, len(content))
        return identity

    def _count(self, identity: bytes, size: int, descriptor: int | None = None) -> None:
        if self._room is not None:
            self._room.count(identity, size, descriptor)

    def _copy(self, contents: Contents, descriptor: int, size: int) -> bytes:
        """Store a file of middling size: a clone of it where the file system can, or the bytes as they are hashed."""
        copy, path = contents.loose.create()
        try:
            if clone(descriptor, copy):
                identity = _drain(copy, size, lambda _: None)
            elif size <= _IN_MEMORY:
                parts: list[bytes] = []
                identity = _drain(descriptor, size, parts.append)
                if identity not in contents.known:
                    for part in parts:
                        write_all(copy, part, path)
            else:
                identity = _drain(descriptor, size, lambda part: write_all(copy, part, path))
            if identity not in contents.known:
                contents.loose.adopt(copy, path, identity)
                contents.adopted(identity)
            else:
                path.unlink()
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(copy)
        return identity

    def _read_blocks(self, descriptor: int, size: int, pool: Executor | None) -> bytes:
        def take_block(number: int) -> bytes:
            return self._take_block(descriptor, number, block_length(size, number))

        blocks: list[bytes] = []
        for numbers in _windows(block_count(size)):
            taken = pool.map(take_block, numbers) if pool is not None else map(take_block, numbers)
            for number, identity in zip(numbers, taken, strict=True):
                blocks.append(identity)
                self._told(block_length(size, number))
        return self._keep(encode_list(size, blocks))

    def _take_block(self, descriptor: int, number: int, length: int) -> bytes:
        if not hasattr(self._thread, "buffer"):
            self._thread.buffer = bytearray(BLOCK)
        part = memoryview(self._thread.buffer)[:length]
        filled = 0
        while filled < length:
            count = os.preadv(descriptor, [part[filled:]], number * BLOCK + filled)
            if count == 0:
                raise _ChangedError
            filled += count
        identity = object_id(part)
        if self._contents is not None and identity not in self._contents.known:
            self._contents.add_block(identity, part)
        self._count(identity, length)
        return identity


def _drain(descriptor: int, size: int, each: Callable[[bytes], object]) -> bytes:
    """Read a file of that size to its end, and answer its hash."""
    found, rest = hashlib.sha256(), size
    while rest:
        part = os.read(descriptor, min(rest, _CHUNK))
        if not part:
            raise _ChangedError
        found.update(part)
        each(part)
        rest -= len(part)
    return found.digest()


def _windows(count: int) -> Iterator[range]:
    for start in range(0, count, _WINDOW):
        yield range(start, min(count, start + _WINDOW))
