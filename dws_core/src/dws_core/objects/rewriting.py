"""Large files that become another in place, since few of their blocks differ.

A file is rewritten in place only if it is a plain file with one link that we may write, as it was when it was looked at,
and of which every block is stored; and only if less than half of it has to be written. Every new block is read and
checked before the first byte is written. Ended in the middle, such a file is neither the one nor the other: it differs,
it is hashed anew, and the same restore makes it whole; what it was before can be restored as well, being stored. All
other files are staged, and appear whole.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import DamagedObjectError, MissingObjectError, UnstableFileError
from dws_core.objects.blocks import block_length
from dws_core.objects.contents import Contents
from dws_core.objects.delivery import Delivery
from dws_core.objects.files import blocks_of, is_here
from dws_core.objects.layout import BLOCKS_ABOVE
from dws_core.objects.rows import row_of
from dws_core.objects.steps import New, Old, Steps
from dws_core.objects.tree import EXECUTABLE, FILE, Node
from dws_core.plugin.grip import Grip
from dws_core.plugin.staging import set_executable

_FLAGS = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Rewrite:
    """A file that is there, what it is to be, and the blocks that make it so, by their numbers."""

    path: str
    old: Old
    node: Node
    blocks: Mapping[int, bytes]

    def lengths(self) -> Iterator[tuple[bytes, int]]:
        """Yield each block with its length."""
        for number, block in self.blocks.items():
            yield block, block_length(self.node.size, number)

    @property
    def size(self) -> int:
        """The bytes to write."""
        return sum(length for _, length in self.lengths())

    def do(self, grip: Grip, delivery: Delivery) -> os.stat_result:
        """Write, and answer what the file is then; UnstableFileError, and nothing written, if it is not what it was."""
        parent, name = grip.parent(self.path)
        descriptor = os.open(name, _FLAGS, dir_fd=parent)
        try:
            if not _is_alone(os.fstat(descriptor), self.old):
                raise UnstableFileError(grip.top / self.path)
            delivery.write_some(descriptor, self.node, self.blocks, self.path)
            os.truncate(descriptor, self.node.size)
            if self.node.kind != self.old.node.kind:
                set_executable(descriptor, executable=self.node.kind == EXECUTABLE)
            return os.fstat(descriptor)
        finally:
            os.close(descriptor)


def choose_rewrites(contents: Contents, steps: Steps, directory: Path) -> tuple[Steps, tuple[Rewrite, ...]]:
    """Take out of the steps what can be rewritten in place."""
    there = dict(steps.replacements)
    found = [_find(contents, path, there[path], new, directory) for path, new in steps.creations if path in there]
    rewrites = tuple(each for each in found if each is not None)
    if not rewrites:
        return steps, ()
    paths = {each.path for each in rewrites}
    creations = [each for each in steps.creations if each[0] not in paths]
    replacements = [each for each in steps.replacements if each[0] not in paths]
    return Steps(steps.removals, creations, replacements, steps.modes), rewrites


def _find(contents: Contents, path: str, old: Old, new: New, directory: Path) -> Rewrite | None:
    before, after = old.node, new.node
    if min(before.size, after.size) <= BLOCKS_ABOVE or not {before.kind, after.kind} <= {FILE, EXECUTABLE}:
        return None
    if not is_here(contents, before.id, before.size):
        return None
    try:
        olds = blocks_of(contents, before.id, before.size, path)
        news = blocks_of(contents, after.id, after.size, path)
    except (MissingObjectError, DamagedObjectError):
        return None
    known = dict(enumerate(olds))
    rewrite = Rewrite(path, old, after, {number: block for number, block in enumerate(news) if known.get(number) != block})
    return rewrite if rewrite.size * 2 < after.size and _may_write(directory / path, old) else None


def _may_write(path: Path, old: Old) -> bool:
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError:
        return False
    try:
        return _is_alone(os.fstat(descriptor), old)
    finally:
        os.close(descriptor)


def _is_alone(status: os.stat_result, old: Old) -> bool:
    """Tell whether a file is the one that was looked at, and has no other name by which somebody might know it."""
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 1 and row_of(status) == old.holder.row(old.place)
