"""The content of a bucket at one moment: what changes while it is listed and read is seen, and looked at anew."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from dws_core.errors import UnstableFileError
from dws_s3.copied.fetching import fetch, hashing
from dws_s3.copied.looking import look, look_at
from dws_s3.copied.memory import Memory
from dws_s3.copied.picture import Picture, Which
from dws_s3.extent import Extent
from dws_s3.keys import key_of, text_of

_LOOKS = 6

Reading: TypeAlias = Callable[[Picture], bool]
"""Reads what is needed of a picture, and tells whether all of it was there as it is listed."""


@dataclass(frozen=True)
class Content:
    """What lies in a part of a bucket, as far as it was read before."""

    extent: Extent
    memory: Memory

    def identify(self) -> str:
        """Answer the id of the tree of what is there now, storing nothing; what was not read yet is read."""
        with self.settled(self.hash) as picture:
            return self.extent.objects.tree_id(picture.entries())

    def store(self) -> str:
        """Store what is there now, and answer the id of its tree."""
        with self.settled(self._keep) as picture:
            return self.extent.objects.tree(picture.entries())

    def identify_below(self, path: str) -> str:
        """Answer the id of a file's content, or of a directory's tree; FileNotFoundError."""
        above, _, name = path.rpartition("/")
        beside, below = self._in(above), self._in(path)
        with beside.settled(beside.hash, lambda picture: beside.look_at(picture, name)) as picture:
            for entry in picture.entries():
                return entry.id
        with below.settled(below.hash) as picture:
            tree = below.extent.objects.tree_id(picture.entries())
            below.look_at(picture, "")  # what stands for the directory itself, if there is nothing else
            if next(iter(picture), None) is None:
                raise FileNotFoundError(path)
            return tree

    @contextmanager
    def settled(self, read: Reading, looking: Callable[[Picture], None] | None = None) -> Iterator[Picture]:
        """Give a picture of what is there and was read, with another look at the same afterwards; UnstableFileError."""
        take = looking or self._look
        with ExitStack() as stack:
            before = self._picture(stack, take)
            for _ in range(_LOOKS):
                has_all = read(before)
                after = self._picture(stack, take)
                changed = before.difference(after)
                if has_all and changed is None:
                    yield before
                    return
                before.spool.close()
                before = after
            first = changed or next(before.unread(Which.ALL))[0].path
            raise UnstableFileError(f"{self.extent.bucket}/{self.extent.prefix}{text_of(first)}")

    def hash(self, picture: Picture, which: Which = Which.ALL) -> bool:
        """Read what is wanted of a picture and was not read yet."""
        return fetch(self.extent, picture, which, hashing(self.extent.objects), self.memory)

    def _keep(self, picture: Picture) -> bool:
        """Read and keep what was not read yet, or is no longer in this clone."""
        objects = self.extent.objects
        picture.forget([key_of(each.path) for each in objects.lacking(picture.files())])
        return fetch(self.extent, picture, Which.ALL, objects.keeping, self.memory)

    def look_at(self, picture: Picture, name: str) -> None:
        """Take in the one object of a name directly below the prefix, if it is there."""
        look_at(self.extent.connection, self.extent.key(""), picture, key_of(name))

    def _look(self, picture: Picture) -> None:
        look(self.extent.connection, self.extent.key(""), picture)

    def _in(self, directory: str) -> "Content":
        prefix = f"{self.extent.prefix}{directory}/" if directory else self.extent.prefix
        return replace(self, extent=replace(self.extent, prefix=prefix))

    def _picture(self, stack: ExitStack, take: Callable[[Picture], None]) -> Picture:
        picture = stack.enter_context(Picture(self.extent.private / "spool"))
        take(picture)
        self.memory.recall(self.extent.key(""), picture)
        return picture
