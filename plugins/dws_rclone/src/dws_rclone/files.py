"""The files of a remote, as they are now."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO

from dws_core.errors import PathRefusedError, ReadOnlyFilesError
from dws_core.plugin import FileInfo, Files, ListedResourceType
from dws_rclone.names import from_rclone, to_rclone
from dws_rclone.remote import KEPT, Remote
from dws_rclone.serving import Server

_OPTIONS = {"noMimeType": True}


class RemoteFiles(Files):
    """They are only read. `find` gives the server that asks for them, and `identify` what a path's version is."""

    def __init__(self, resource: str, remote: Remote, find: Callable[[], Server], identify: Callable[[str], str]) -> None:
        super().__init__(resource)
        self._place = str(remote)
        self._find = find
        self._identify = identify

    def info(self, path: str) -> FileInfo:
        server = self._find()
        if not path:
            return FileInfo(path, is_directory=True)
        name = _name(path)
        action = f"look at {self._place}/{path}"
        item = server.call(action, "operations/stat", fs=self._place, remote=name, opt=_OPTIONS).get("item")
        if item is None:
            raise FileNotFoundError(path)
        return _info(path, item)

    def list(self, path: str = "") -> Iterator[FileInfo]:
        if not self.info(path).is_directory:
            raise NotADirectoryError(path)
        action, name = f"list {self._place}/{path}", _name(path) if path else ""
        found = self._find().call(action, "operations/list", fs=self._place, remote=name, opt=_OPTIONS)
        for each in found.get("list") or ():
            with suppress(PathRefusedError):  # what can be in no resource is refused by name when it is recorded
                below = from_rclone(each["Path"])
                if below != KEPT:
                    yield _info(below, each)

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        found = self.info(path)
        if found.is_directory:
            raise IsADirectoryError(path)
        end = found.size if length is None else min(found.size, start + length)
        if start >= end:
            return b""
        with self._find().get(f"read {self._place}/{path}", self._place, _name(path), f"bytes={start}-{end - 1}") as answer:
            return answer.read()[: end - start]

    def version(self, path: str = "") -> str | None:
        return self._identify(path)

    def write(self, path: str, content: BinaryIO) -> None:
        raise ReadOnlyFilesError(self.resource, ListedResourceType.NEVER_WRITTEN)

    def remove(self, path: str) -> None:
        raise ReadOnlyFilesError(self.resource, ListedResourceType.NEVER_WRITTEN)


def _name(path: str) -> str:
    """Give rclone's name of a path; FileNotFoundError where nothing that it reaches can be called so."""
    name = to_rclone(path)
    if name is None or path.partition("/")[0] == KEPT:
        raise FileNotFoundError(path)
    return name


def _info(path: str, item: dict[str, Any]) -> FileInfo:
    if item["IsDir"]:
        return FileInfo(path, is_directory=True)
    return FileInfo(path, False, max(int(item["Size"]), 0), datetime.fromisoformat(item["ModTime"]).timestamp())
