"""Writing the content of files that are not small to where they are wanted, every byte checked on the way."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from threading import local

from dws_core.errors import DamagedObjectError, MissingObjectError
from dws_core.objects.blocks import block_length
from dws_core.objects.contents import Contents
from dws_core.objects.files import blocks_of, read_file
from dws_core.objects.layout import BLOCK
from dws_core.objects.reflink import clone
from dws_core.objects.tree import Node, object_id
from dws_core.objects.writing import write_all, write_at
from dws_core.plugin.context import Progress

_CHUNK = 1024 * 1024


class Delivery:
    """Hands stored content out; threads may share it, and keep one buffer each."""

    def __init__(self, contents: Contents, pool: Executor, progress: Progress) -> None:
        self._contents = contents
        self._progress = progress
        self._pool = pool
        self._thread = local()

    def copy(self, descriptor: int, node: Node, path: str) -> os.stat_result:
        """Write a file of middling size, answer what it is then, and close it."""
        try:
            if not self._contents.is_loose(node.id):
                write_all(descriptor, read_file(self._contents, node.id, node.size, path), path)
            elif self._copy_loose(descriptor, node.id, path) != node.size:
                raise DamagedObjectError(path)
            return os.fstat(descriptor)
        finally:
            os.close(descriptor)

    def write_blocks(self, descriptor: int, node: Node, path: str) -> None:
        """Write a whole large file."""
        os.truncate(descriptor, node.size)
        blocks = blocks_of(self._contents, node.id, node.size, path)
        self.write_some(descriptor, node, dict(enumerate(blocks)), path)

    def write_some(self, descriptor: int, node: Node, blocks: Mapping[int, bytes], path: str) -> None:
        """Write blocks of a large file, given by their numbers."""

        def write_block(number: int) -> None:
            write_at(descriptor, self._block(blocks[number], block_length(node.size, number), path), number * BLOCK, path)

        for number, _ in zip(blocks, self._pool.map(write_block, blocks), strict=True):
            self._progress.advance(size=block_length(node.size, number))

    def check(self, blocks: Iterable[tuple[bytes, int]], path: str) -> None:
        """Raise a MissingObjectError or DamagedObjectError unless these blocks of these lengths can be given."""
        for _ in self._pool.map(lambda block: self._block(block[0], block[1], path), blocks):
            pass

    def check_whole(self, node: Node, path: str) -> None:
        """Raise a MissingObjectError or DamagedObjectError unless a file of middling size can be given."""
        if not self._contents.is_loose(node.id):
            read_file(self._contents, node.id, node.size, path)
        elif self._pass_loose(node.id, path, lambda _: None) != node.size:
            raise DamagedObjectError(path)

    def _block(self, identity: bytes, length: int, path: str) -> bytes | memoryview:
        """Give a block's bytes, checked, good until this thread asks for the next."""
        if not self._contents.is_loose(identity):
            content: bytes | memoryview = self._contents.read(identity, path)
        else:
            content = memoryview(self._buffer())[: self._read_loose(identity, path)]
            if object_id(content) != identity:
                raise DamagedObjectError(path)
        if len(content) != length:
            raise DamagedObjectError(path)
        return content

    def _read_loose(self, identity: bytes, path: str) -> int:
        try:
            with self._contents.loose.path(identity).open("rb", buffering=0) as source:
                return source.readinto(self._buffer()) or 0
        except FileNotFoundError as error:
            raise MissingObjectError(path) from error

    def _copy_loose(self, descriptor: int, identity: bytes, path: str) -> int:
        """Copy an object's own file, or clone it where the file system can, and answer its size."""
        with suppress(FileNotFoundError), self._contents.loose.path(identity).open("rb", buffering=0) as source:
            if clone(source.fileno(), descriptor):
                return self._hash(descriptor, identity, path, lambda _: None)
        return self._pass_loose(identity, path, lambda part: write_all(descriptor, part, path))

    def _pass_loose(self, identity: bytes, path: str, each: Callable[[memoryview], object]) -> int:
        """Hand on the bytes of an object's own file, part by part, and answer how many they are."""
        try:
            with self._contents.loose.path(identity).open("rb", buffering=0) as source:
                return self._hash(source.fileno(), identity, path, each)
        except FileNotFoundError as error:
            raise MissingObjectError(path) from error

    def _hash(self, descriptor: int, identity: bytes, path: str, each: Callable[[memoryview], object]) -> int:
        found, size, buffer = hashlib.sha256(), 0, memoryview(self._buffer())[:_CHUNK]
        while count := os.readv(descriptor, [buffer]):
            found.update(buffer[:count])
            size += count
            each(buffer[:count])
        if found.digest() != identity:
            raise DamagedObjectError(path)
        return size

    def _buffer(self) -> bytearray:
        if not hasattr(self._thread, "buffer"):
            self._thread.buffer = bytearray(BLOCK)
        buffer: bytearray = self._thread.buffer
        return buffer
