"""Clones that share a store, for tests of what goes between them."""

import os
import zlib
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from dws_core.builtin.directory_store.store import DirectoryStore
from dws_core.objects import Fetched, ObjectStore, Sent, fetch, send
from dws_core.plugin import StoreContext
from dws_core.testing.context import Silence


class Share(DirectoryStore):
    """A directory store that counts what it is asked for."""

    def __init__(self, url: str, context: StoreContext) -> None:
        super().__init__(url, context)
        self.asked: list[tuple[str, str]] = []

    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        self.asked.append(("read", name))
        return super().read(name, start, length)

    def fetch(self, name: str, file: BinaryIO) -> None:
        self.asked.append(("fetch", name))
        super().fetch(name, file)

    def put(self, name: str, content: BinaryIO, size: int) -> None:
        self.asked.append(("put", name))
        super().put(name, content, size)

    def count(self, verb: str, part: str = "") -> int:
        """Count how often it was asked for something whose name has that part."""
        return sum(verb == asked and part in name for asked, name in self.asked)


class Clone:
    """An object store, and what this clone knows of the share."""

    def __init__(self, tmp_path: Path, name: str = "ada") -> None:
        self.top = tmp_path / name
        self.content = self.top / "content"
        self.content.mkdir(parents=True, exist_ok=True)
        self.progress = Silence()

    @property
    def objects(self) -> ObjectStore:
        """The object store, opened as a new command does."""
        return ObjectStore(self.top / "objects", self.top / "caches", Silence())

    def keep(self, files: dict[str, bytes], *, aside: bool = False) -> str:
        """Store a tree of these files, and answer its id; `aside` keeps it for undo alone."""
        for path in sorted(self.content.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for name, content in files.items():
            path = self.content / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        objects = self.objects
        with objects.aside() if aside else nullcontext():
            return objects.store(self.content)

    def private(self, share: DirectoryStore) -> Path:
        """Name what this clone keeps of a store."""
        return self.top / "private" / str(zlib.crc32(share.url.encode()))

    def send(self, share: DirectoryStore, *ids: str) -> Sent:
        """Send, as `dws push` does."""
        return send(self.objects, ids, share, self.private(share), self.progress)

    def fetch(self, share: DirectoryStore, *ids: str) -> Fetched:
        """Fetch, as `dws pull` does."""
        return fetch(self.objects, ids, share, self.private(share), self.progress)

    def read(self, tree: str) -> dict[str, bytes]:
        """Give the files of a tree back, read from the objects of this clone alone."""
        objects = self.objects
        files = (entry.path for entry in objects.entries(tree) if entry.kind == "file")
        return {path: objects.open(tree, path).read() for path in files}


def place(tmp_path: Path) -> Path:
    """Name the directory of the share."""
    return tmp_path / "share"


def open_share(tmp_path: Path) -> Share:
    """Open the share, and make it where it is not there."""
    share = Share(place(tmp_path).as_uri(), StoreContext(tmp_path / "nowhere", Silence()))
    tmp_path.mkdir(exist_ok=True)
    share.prepare()
    return share


def some_files(count: int, size: int = 1000) -> dict[str, bytes]:
    """Make files of noise, in two directories."""
    return {f"{'even' if number % 2 else 'odd'}/{number}": os.urandom(size) for number in range(count)}


def kept_files(tmp_path: Path, ending: str) -> list[Path]:
    """List the files in the share of which the path ends so."""
    return sorted(path for path in place(tmp_path).rglob("*") if path.is_file() and str(path).endswith(ending))


def damage(paths: Iterable[Path]) -> None:
    """Change one byte in the middle of files."""
    for path in paths:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
