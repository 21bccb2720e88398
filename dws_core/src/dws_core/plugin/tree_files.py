"""The files of a stored tree."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from threading import Lock
from typing import BinaryIO

from dws_core.plugin.files import FileInfo, Files
from dws_core.plugin.objects import Entry, EntryKind, Objects

_REMEMBERED = 64
_MOST_LINKS = 40


class TreeFiles(Files):
    """What a tree of the object store holds. A directory of it is read when it is asked for, and the last ones are remembered.

    A symlink is what it leads to in the tree; one that leads nowhere in it is an empty file that cannot be opened.
    """

    def __init__(self, resource: str, objects: Objects, tree: str) -> None:
        super().__init__(resource)
        self._objects = objects
        self._top = Entry("", EntryKind.DIRECTORY, tree, 0)
        self._directories: OrderedDict[str, dict[str, Entry]] = OrderedDict()
        self._lock = Lock()

    def info(self, path: str) -> FileInfo:
        return _info(path, self._find(path))

    def list(self, path: str = "") -> Iterator[FileInfo]:
        entry = self._find(path)
        if entry.kind is not EntryKind.DIRECTORY:
            raise NotADirectoryError(path)
        prefix = f"{path}/" if path else ""
        return (self._told(prefix + name, each) for name, each in self._children(entry.id).items())

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        with self.open(path) as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def open(self, path: str) -> BinaryIO:
        entry = self._find(path)
        if entry.kind is EntryKind.DIRECTORY:
            raise IsADirectoryError(path)
        return self._objects.open_entry(entry)

    def version(self, path: str = "") -> str | None:
        head, _, name = path.rpartition("/")
        return self._child(self._find(head), name, path).id if path else self._top.id

    def _told(self, path: str, entry: Entry) -> FileInfo:
        if entry.kind is EntryKind.SYMLINK:
            with suppress(FileNotFoundError, NotADirectoryError):
                return self.info(path)
            return FileInfo(path)
        return _info(path, entry)

    def _find(self, path: str) -> Entry:
        """Find what lies at a path, links followed as long as they stay in the tree; FileNotFoundError."""
        found, waiting, links = [self._top], path.split("/")[::-1] if path else [], 0
        while waiting:
            name = waiting.pop()
            if name == "..":
                if len(found) == 1:
                    raise FileNotFoundError(path)  # it leads out of the resource, where a version knows nothing
                found.pop()
                continue
            entry = self._child(found[-1], name, path)
            if entry.kind is EntryKind.SYMLINK:
                links += 1
                target = self._target(entry)
                if links > _MOST_LINKS or target.startswith("/"):
                    raise FileNotFoundError(path)
                waiting.extend(part for part in target.split("/")[::-1] if part not in ("", "."))
            else:
                found.append(entry)
        return found[-1]

    def _child(self, directory: Entry, name: str, path: str) -> Entry:
        if directory.kind is not EntryKind.DIRECTORY:
            raise FileNotFoundError(path)
        entry = self._children(directory.id).get(name)
        if entry is None:
            raise FileNotFoundError(path)
        return entry

    def _children(self, tree: str) -> dict[str, Entry]:
        with self._lock:
            if tree in self._directories:
                self._directories.move_to_end(tree)
                return self._directories[tree]
        found = {entry.path: entry for entry in self._objects.children(tree)}
        with self._lock:
            self._directories[tree] = found
            while len(self._directories) > _REMEMBERED:
                self._directories.popitem(last=False)
        return found

    def _target(self, link: Entry) -> str:
        return self._objects.get(link.id).decode("utf-8", "surrogateescape")


def _info(path: str, entry: Entry) -> FileInfo:
    is_directory = entry.kind is EntryKind.DIRECTORY
    return FileInfo(path, is_directory, 0 if is_directory else entry.size)
