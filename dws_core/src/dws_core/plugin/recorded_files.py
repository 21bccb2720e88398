"""The files of a recorded version, for a type that says no more of it than which paths it holds, and opens them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import BinaryIO

from dws_core.plugin.files import FileInfo, Files


class RecordedFiles(Files):
    """What a version holds: `paths` names everything, `open_path` opens one file, whose size is found out by reading it."""

    def __init__(self, resource: str, paths: Callable[[], Iterable[str]], open_path: Callable[[str], BinaryIO]) -> None:
        super().__init__(resource)
        self._paths = paths
        self._open_path = open_path

    def info(self, path: str) -> FileInfo:
        if path in self._below:
            return FileInfo(path, is_directory=True)
        with self.open(path) as file:
            return FileInfo(path, size=file.seek(0, 2))

    def list(self, path: str = "") -> Iterator[FileInfo]:
        if path not in self._below:
            with self.open(path):
                raise NotADirectoryError(path)
        return (self.info(f"{path}/{name}" if path else name) for name in sorted(self._below[path]))

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        with self.open(path) as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def open(self, path: str) -> BinaryIO:
        if path in self._below:
            raise IsADirectoryError(path)
        return self._open_path(path)

    @cached_property
    def _below(self) -> dict[str, set[str]]:
        """Name what lies directly in each directory."""
        found: dict[str, set[str]] = {"": set()}
        for path in self._paths():
            inside = path
            while inside:
                above, _, name = inside.rpartition("/")
                found.setdefault(above, set()).add(name)
                inside = above
        return found
