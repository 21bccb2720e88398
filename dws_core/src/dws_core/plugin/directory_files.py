"""The files of a directory of this machine, as they are now."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from dws_core.plugin.files import FileInfo, Files
from dws_core.plugin.staging import is_staging, staging

_PART = 1024 * 1024


class DirectoryFiles(Files):
    """What lies below a directory; `identify` gives the id of the version of what lies at a path."""

    def __init__(self, resource: str, top: Path, identify: Callable[[str], str]) -> None:
        super().__init__(resource)
        self._top = top
        self._identify = identify

    def info(self, path: str) -> FileInfo:
        return _info(path, (self._top / path).stat())

    def list(self, path: str = "") -> Iterator[FileInfo]:
        with os.scandir(self._top / path) as entries:
            for entry in entries:
                if not is_staging(entry.name):
                    yield _info(f"{path}/{entry.name}" if path else entry.name, _look(entry))

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        with self.open(path) as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def open(self, path: str) -> BinaryIO:
        return (self._top / path).open("rb")

    def version(self, path: str = "") -> str | None:
        return self._identify(path)

    def write(self, path: str, content: BinaryIO) -> None:
        place = self._top / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with staging(self._top) as stage:
            with (stage / "content").open("wb") as file:
                shutil.copyfileobj(content, file, _PART)
                file.flush()
                os.fsync(file.fileno())
            (stage / "content").replace(place)

    def remove(self, path: str) -> None:
        (self._top / path).unlink()


def _look(entry: "os.DirEntry[str]") -> os.stat_result:
    try:
        return entry.stat()
    except FileNotFoundError:  # a link that leads nowhere is there all the same
        return entry.stat(follow_symlinks=False)


def _info(path: str, status: os.stat_result) -> FileInfo:
    is_directory = stat.S_ISDIR(status.st_mode)
    return FileInfo(path, is_directory, 0 if is_directory else status.st_size, status.st_mtime)
