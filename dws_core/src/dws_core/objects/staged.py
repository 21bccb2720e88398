"""Writing stored content into a staging directory, every byte checked on the way."""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from dws_core.errors import DamagedObjectError
from dws_core.objects.blocks import block_count
from dws_core.objects.branch import join
from dws_core.objects.compare import Found
from dws_core.objects.contents import Contents
from dws_core.objects.files import blocks_of, read_file
from dws_core.objects.layout import BLOCK, BLOCKS_ABOVE, PACKED_BELOW
from dws_core.objects.reflink import clone
from dws_core.objects.steps import New
from dws_core.objects.tree import DIRECTORY, EXECUTABLE, SYMLINK, Node
from dws_core.objects.writing import write_all
from dws_core.plugin.context import Progress
from dws_core.plugin.grip import Grip
from dws_core.plugin.staging import plain_mode

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_AT_ONCE = 16
_BATCH = 256
_CHUNK = 1024 * 1024


class Stage:
    """A staging directory being filled; large files are written by threads."""

    def __init__(self, directory: Path, contents: Contents, progress: Progress) -> None:
        self._directory = directory
        self._contents = contents
        self._progress = progress
        self._grip = Grip(directory)
        self._pool = ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1), thread_name_prefix="objects")
        self._pending: list[tuple[Future[None], int]] = []
        self._modes = {executable: plain_mode(executable=executable) for executable in (False, True)}
        self._files = self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._grip.__exit__(kind, error, trace)

    def fill(self, wanted: Iterable[tuple[str, New]]) -> None:
        """Write each wanted path, under the number of its place, with all that it holds."""
        for number, (path, new) in enumerate(wanted):
            self._write(str(number), path, new)
        self._settle(0)
        self._progress.advance(files=self._files, size=self._size)
        self._files = self._size = 0

    def _write(self, place: str, path: str, new: New) -> None:
        node = new.node
        if node.kind == DIRECTORY:
            self._grip.directory(place, create=True)
            inside = new.enter()
            for index, below in enumerate(inside.nodes()):
                self._write(join(place, below.name), join(path, below.name), Found(inside, index, below))
            return
        parent, name = self._grip.parent(place, create=True)
        if node.kind == SYMLINK:
            os.symlink(read_file(self._contents, node.id, node.size, path), os.fsencode(name), dir_fd=parent)
            self._advance(node.size)
            return
        descriptor = os.open(name, _FLAGS, self._modes[node.kind == EXECUTABLE], dir_fd=parent)
        if node.size < PACKED_BELOW:
            try:
                write_all(descriptor, read_file(self._contents, node.id, node.size, path), path)
            finally:
                os.close(descriptor)
            self._advance(node.size)
        elif node.size <= BLOCKS_ABOVE:
            self._settle(_OPEN_AT_ONCE)
            self._pending.append((self._pool.submit(self._copy, descriptor, node, path), node.size))
        else:
            try:
                self._write_blocks(descriptor, node, path)
            finally:
                os.close(descriptor)
            self._advance(node.size)

    def _copy(self, descriptor: int, node: Node, path: str) -> None:
        try:
            if self._contents.is_loose(node.id) and self._clone(descriptor, node, path):
                return
            write_all(descriptor, read_file(self._contents, node.id, node.size, path), self._directory)
        finally:
            os.close(descriptor)

    def _clone(self, descriptor: int, node: Node, path: str) -> bool:
        """Clone an object's own file where the file system can, and check the clone."""
        try:
            with self._contents.loose.path(node.id).open("rb") as source:
                if not clone(source.fileno(), descriptor):
                    return False
        except FileNotFoundError:
            return False
        found = hashlib.sha256()
        while part := os.read(descriptor, _CHUNK):
            found.update(part)
        if found.digest() != node.id:
            raise DamagedObjectError(path)
        return True

    def _write_blocks(self, descriptor: int, node: Node, path: str) -> None:
        blocks = blocks_of(self._contents, node.id, node.size, path)

        def write_block(number: int) -> None:
            content, place = memoryview(self._contents.read(blocks[number], path)), number * BLOCK
            while content:
                count = os.pwrite(descriptor, content, place)
                content, place = content[count:], place + count

        os.truncate(descriptor, node.size)
        for _ in self._pool.map(write_block, range(block_count(node.size))):
            pass

    def _settle(self, left: int) -> None:
        while len(self._pending) > left:
            future, size = self._pending.pop(0)
            future.result()
            self._advance(size)

    def _advance(self, size: int) -> None:
        self._files, self._size = self._files + 1, self._size + size
        if self._files >= _BATCH or size >= PACKED_BELOW:
            self._progress.advance(files=self._files, size=self._size)
            self._files = self._size = 0
