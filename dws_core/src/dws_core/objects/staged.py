"""Writing stored content into a staging directory, every byte checked on the way."""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from dws_core.objects.branch import join
from dws_core.objects.compare import Found
from dws_core.objects.contents import Contents
from dws_core.objects.delivery import Delivery
from dws_core.objects.files import read_file
from dws_core.objects.layout import BLOCKS_ABOVE, PACKED_BELOW
from dws_core.objects.picture import FoundDirectory, kind_in, size_in
from dws_core.objects.rows import DIRECTORY_ROW, ROW_SIZE, row_of
from dws_core.objects.steps import New
from dws_core.objects.tree import DIRECTORY, EXECUTABLE, SYMLINK, Node
from dws_core.objects.writing import write_all
from dws_core.plugin.context import Progress
from dws_core.plugin.staging import plain_mode

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_AT_ONCE = 16
_BATCH = 256


class Stage:
    """A staging directory being filled; files of their own are written by threads."""

    def __init__(self, directory: Path, contents: Contents, progress: Progress) -> None:
        self._contents = contents
        self._progress = progress
        self._top = os.open(directory, _DIRECTORY)
        self.pool = ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1), thread_name_prefix="objects")
        self.delivery = Delivery(contents, self.pool, progress)
        self._pending: list[tuple[Future[os.stat_result], FoundDirectory, int, Node]] = []
        self._modes = {executable: plain_mode(executable=executable) for executable in (False, True)}
        self._files = self._size = 0
        self.is_faithful = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.pool.shutdown(cancel_futures=True)
        os.close(self._top)

    def fill(self, wanted: Sequence[tuple[str, New]]) -> FoundDirectory:
        """Write each wanted path, under the number of its place, with all that it holds; answer what lies there then.

        `is_faithful` is false afterwards where the file system did not take modes and sizes as they were to be.
        """
        found = _empty_picture("", [b"%d" % number for number in range(len(wanted))], [new.node.id for _, new in wanted])
        self._fill(self._top, found, wanted)
        self._settle(0)
        self._progress.advance(files=self._files, size=self._size)
        self._files = self._size = 0
        return found

    def _fill(self, descriptor: int, found: FoundDirectory, wanted: Sequence[tuple[str, New]]) -> None:
        for index, (path, new) in enumerate(wanted):
            if new.node.kind == DIRECTORY:
                self._fill_below(descriptor, found, index, path, new)
            else:
                self._write(descriptor, found, index, path, new.node)

    def _fill_below(self, descriptor: int, found: FoundDirectory, index: int, path: str, new: New) -> None:
        name = found.names[index]
        os.mkdir(name, dir_fd=descriptor)
        below = os.open(name, _DIRECTORY, dir_fd=descriptor)
        try:
            inside = new.enter()
            nodes = inside.nodes()
            child = _empty_picture(path, [node.name for node in nodes], [node.id for node in nodes])
            child.tree = new.node.id
            found.children[index] = child
            found.rows[index * ROW_SIZE : (index + 1) * ROW_SIZE] = DIRECTORY_ROW
            self._fill(below, child, [(join(path, node.name), Found(inside, place, node)) for place, node in enumerate(nodes)])
        finally:
            os.close(below)

    def _write(self, parent: int, found: FoundDirectory, index: int, path: str, node: Node) -> None:
        name = found.names[index]
        if node.kind == SYMLINK:
            os.symlink(read_file(self._contents, node.id, node.size, path), name, dir_fd=parent)
            self._written(found, index, node, os.stat(name, dir_fd=parent, follow_symlinks=False))
            return
        descriptor = os.open(name, _FLAGS, self._modes[node.kind == EXECUTABLE], dir_fd=parent)
        if PACKED_BELOW <= node.size <= BLOCKS_ABOVE:
            self._settle(_OPEN_AT_ONCE)
            self._pending.append((self.pool.submit(self.delivery.copy, descriptor, node, path), found, index, node))
            return
        try:
            if node.size < PACKED_BELOW:
                write_all(descriptor, read_file(self._contents, node.id, node.size, path), path)
            else:
                self.delivery.write_blocks(descriptor, node, path)
            status = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        self._written(found, index, node, status)

    def _settle(self, left: int) -> None:
        while len(self._pending) > left:
            future, found, index, node = self._pending.pop(0)
            self._written(found, index, node, future.result())

    def _written(self, found: FoundDirectory, index: int, node: Node, status: os.stat_result) -> None:
        row = row_of(status)
        found.rows[index * ROW_SIZE : (index + 1) * ROW_SIZE] = row
        if kind_in(row) != node.kind or size_in(row) != node.size:
            self.is_faithful = False
        self._files, self._size = self._files + 1, self._size + (node.size if node.size <= BLOCKS_ABOVE else 0)
        if self._files >= _BATCH or node.size >= PACKED_BELOW:
            self._progress.advance(files=self._files, size=self._size)
            self._files = self._size = 0


def _empty_picture(path: str, names: list[bytes], ids: list[bytes]) -> FoundDirectory:
    """Make the picture of a directory, of which the rows follow as its files are written."""
    found = FoundDirectory(os.fsencode(path), path.count("/") + 1 if path else 0)
    found.names = names
    found.ids = bytearray(b"".join(ids))
    found.rows = bytearray(ROW_SIZE * len(names))
    return found
