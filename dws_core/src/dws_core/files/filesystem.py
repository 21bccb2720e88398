"""An fsspec filesystem of the resources of a workspace."""

import errno
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from fsspec.compression import compr
from fsspec.core import get_compression
from fsspec.spec import AbstractFileSystem
from fsspec.utils import stringify_path

from dws_core.errors import ReadOnlyFilesError, UnknownNameError
from dws_core.files.compressed_file import CompressedFile
from dws_core.files.fresh_file import FreshFile
from dws_core.files.places import Place, Places
from dws_core.plugin.files import FileInfo

PROTOCOL = "dws"


class DwsFileSystem(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """Paths are `NAME/path`, or `NAME@SNAPSHOT/path`, which is read-only; with a `resource` given, they begin in it.

    `workspace_dir` is a directory in the workspace, by default the current one. What is asked for is looked up anew each time.
    Unknown names and what cannot be done are DwsErrors, missing files FileNotFoundErrors.
    """

    protocol = PROTOCOL
    root_marker = ""
    cachable = False  # another current directory may be in another workspace

    def __init__(
        self,
        resource: str | None = None,
        snapshot: str | None = None,
        workspace_dir: str | os.PathLike[str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.resource = resource
        self.snapshot = snapshot
        self._places = Places(Path.cwd() / Path(workspace_dir or "").expanduser())

    def __reduce__(self) -> tuple[Any, ...]:
        """In another process, it is the same workspace, whatever the current directory there."""
        options = {"resource": self.resource, "snapshot": self.snapshot, "workspace_dir": str(self._places.start)}
        return partial(type(self), **options), ()

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        """Take the name from a URL as text: as a host it would lose its case."""
        if isinstance(path, list):
            return [cls._strip_protocol(each) for each in path]
        return str(stringify_path(path)).removeprefix(f"{PROTOCOL}://").strip("/")

    def unstrip_protocol(self, name: str) -> str:
        """Give the URL of a path."""
        path = self._strip_protocol(name)
        if self.resource is not None:
            top = self.resource if self.snapshot is None else f"{self.resource}@{self.snapshot}"
            path = f"{top}/{path}".rstrip("/")
        return f"{PROTOCOL}://{path}"

    def check(self) -> None:
        """Raise what is wrong with the workspace, the resource or the snapshot."""
        self._find("")

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Tell of a file or directory: name, size, type, and mtime where it is known."""
        place = self._find(path)
        if place is None:
            return dict(_TOP)
        with self._named(path):
            return self._told(path, place.files.info(place.path))

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        """List a directory; of a file, that file."""
        found = [*self._listed(path)]
        return found if detail else [each["name"] for each in found]

    def exists(self, path: str, **_: Any) -> bool:
        """Tell whether there is a file or directory; what cannot be looked at is an error."""
        return self._type(path) != ""

    def isfile(self, path: str) -> bool:
        """Tell whether there is a file."""
        return self._type(path) == "file"

    def isdir(self, path: str) -> bool:
        """Tell whether there is a directory."""
        return self._type(path) == "directory"

    def modified(self, path: str) -> datetime:
        """Tell when a file was written; FileNotFoundError where that is not known, as in a snapshot."""
        written = self.info(path).get("mtime")
        if written is None:
            raise FileNotFoundError(f"it is not known when {path} was written")
        return datetime.fromtimestamp(written, UTC)

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        """Read a file, or a part of it as a slice would be; only that is asked for."""
        with self._read(path) as file:
            size = file.seek(0, io.SEEK_END) if min(start or 0, end or 0) < 0 else 0
            first, last = (None if each is None else each if each >= 0 else max(size + each, 0) for each in (start, end))
            file.seek(first or 0)
            return file.read(-1 if last is None else max(last - (first or 0), 0))

    def open(self, path: str, mode: str = "rb", *arguments: Any, compression: str | None = None, **options: Any) -> Any:
        """Open a file; what is written appears whole when it is closed, or not at all where the block raises."""
        name = get_compression(path, compression)
        if name is None:
            return super().open(path, mode, *arguments, **options)
        text = {option: options.pop(option) for option in ("encoding", "errors", "newline") if option in options}
        file = super().open(path, mode.replace("t", "").replace("b", "") + "b", *arguments, **options)
        compressed = CompressedFile(compr[name](file, mode=mode[0]), file, reading="r" in mode)
        buffered = io.BufferedReader(compressed) if "r" in mode else io.BufferedWriter(compressed)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, **text)

    def _open(self, path: str, mode: str = "rb", *_: Any, autocommit: bool = True, **__: Any) -> Any:
        if mode == "rb":
            return self._read(path)
        if mode not in ("wb", "xb", "ab"):
            raise io.UnsupportedOperation(f"a file is opened to be read or to be written anew, not in mode {mode!r}")
        place = self._writable(path)
        if mode == "xb" and self.exists(path):
            raise FileExistsError(path)
        scratch = place.workspace.layout.local
        fresh = FreshFile(path, lambda content: _write(place, content), scratch, autocommit=autocommit)
        if mode == "ab":
            with suppress(FileNotFoundError), self._read(path) as before:
                shutil.copyfileobj(before, fresh, io.DEFAULT_BUFFER_SIZE * 16)
        return fresh

    def cp_file(self, path1: str, path2: str, **_: Any) -> None:
        """Copy a file; a directory is there once a file is in it."""
        if path1 != path2 and not self.isdir(path1):
            with self._read(path1) as content:
                _write(self._writable(path2), content)

    def mkdir(self, path: str, create_parents: bool = True, **_: Any) -> None:
        """Do nothing: a directory is there once a file is in it."""
        self._writable(path)

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        """Do nothing: a directory is there once a file is in it."""
        self._writable(path)

    def rmdir(self, path: str) -> None:
        """Remove a directory that holds nothing."""
        place = self._writable(path)
        if not self.isdir(path):
            raise NotADirectoryError(path) if self.exists(path) else FileNotFoundError(path)
        place.files.remove(place.path)

    def rm_file(self, path: str) -> None:
        """Remove a file, or a directory that holds nothing."""
        place = self._writable(path)
        with self._named(path):
            place.files.remove(place.path)
        place.is_removed()

    def rm(self, path: Any, recursive: bool = False, maxdepth: int | None = None) -> None:
        """Remove files; with `recursive`, directories with all that they hold. A resource itself stays, with nothing in it."""
        paths = self.expand_path(path, recursive=recursive, maxdepth=maxdepth)
        directories = {each for each in paths if self.isdir(each)}
        if directories and not recursive:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), self.unstrip_protocol(min(directories)))
        for each in reversed(paths):
            if each not in directories:
                self.rm_file(each)
            elif (place := self._writable(each)).path:
                with suppress(FileNotFoundError):  # it was there only for what it held
                    place.files.remove(place.path)

    def _find(self, path: str) -> Place | None:
        """Find what a path leads to; None for what holds all resources."""
        path = self._strip_protocol(path)
        if self.resource is not None:
            return self._places.find(self.resource, self.snapshot, path)
        top, _, inside = path.partition("/")
        if not top:
            return None
        name, at, snapshot = top.partition("@")
        return self._places.find(name, snapshot if at else self.snapshot, inside)

    def _type(self, path: str) -> str:
        """Tell whether a "file" or a "directory" is there; "" where nothing is."""
        try:
            return str(self.info(path)["type"])
        except (FileNotFoundError, UnknownNameError):
            return ""

    def _read(self, path: str) -> BinaryIO:
        place = self._find(path)
        if place is None:
            raise IsADirectoryError(path)
        with self._named(path):
            opened = place.files.open(place.path)
        place.is_read()
        return opened

    def _writable(self, path: str) -> Place:
        place = self._find(path)
        if place is None:
            raise IsADirectoryError(path)
        if place.snapshot is not None:
            raise ReadOnlyFilesError(place.files.resource)
        return place

    def _listed(self, path: str) -> Iterator[dict[str, Any]]:
        place = self._find(path)
        if place is None:
            yield from (_described(FileInfo(name, is_directory=True), name) for name in self._places.names())
            return
        try:
            with self._named(path):
                for each in place.files.list(place.path):
                    yield self._told(path, each)
        except NotADirectoryError:
            yield self.info(path)

    @contextmanager
    def _named(self, path: str) -> Iterator[None]:
        """Let an error about a file tell its URL."""
        try:
            yield
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise type(error)(_CODES[type(error)], os.strerror(_CODES[type(error)]), self.unstrip_protocol(path)) from error

    def _told(self, path: str, info: FileInfo) -> dict[str, Any]:
        """Describe what a look at a path found, by a name that begins as that path does."""
        top = "" if self.resource is not None else self._strip_protocol(path).partition("/")[0]
        return _described(info, f"{top}/{info.path}".strip("/"))


def filesystem(name: str, snapshot: str | None = None, workspace_dir: str | os.PathLike[str] | None = None) -> DwsFileSystem:
    """Give the files of a resource as an fsspec filesystem, now or as in the snapshot of that tag or hash, which is read-only.

    Paths begin in the resource. UnknownNameError, with the names there are.
    """
    found = DwsFileSystem(name, snapshot, workspace_dir)
    found.check()
    return found


def _write(place: Place, content: BinaryIO) -> None:
    place.is_written()
    place.files.write(place.path, content)


def _described(info: FileInfo, name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "size": info.size, "type": "directory" if info.is_directory else "file"}
    return told if info.modified is None else {**told, "mtime": info.modified}


_CODES: dict[type[OSError], int] = {
    FileNotFoundError: errno.ENOENT,
    IsADirectoryError: errno.EISDIR,
    NotADirectoryError: errno.ENOTDIR,
}
_TOP = _described(FileInfo("", is_directory=True), "")
"""What holds all resources."""
