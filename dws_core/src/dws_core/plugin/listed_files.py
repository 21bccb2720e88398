"""The files of which a type says no more than which paths there are, and opens them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import BinaryIO

from dws_core.plugin.files import FileInfo, Files


class ListedFiles(Files):
    """`paths` names everything there is, and `open_path` opens one file; a path that it does not open is an empty directory.

    `measure` gives the sizes of all files where the type knows them, else each is found out by opening the file; `identify`
    gives the id of the version of what lies at a path. What there is is asked for once.
    """

    def __init__(
        self,
        resource: str,
        paths: Callable[[], Iterable[str]],
        open_path: Callable[[str], BinaryIO],
        *,
        measure: Callable[[], dict[str, int]] | None = None,
        identify: Callable[[str], str | None] = lambda path: None,
    ) -> None:
        super().__init__(resource)
        self._paths = paths
        self._open_path = open_path
        self._measure = measure
        self._identify = identify

    def info(self, path: str) -> FileInfo:
        if path in self._below:
            return FileInfo(path, is_directory=True)
        if path not in self._below.get(path.rpartition("/")[0], ()):
            raise FileNotFoundError(path)
        if self._sizes is not None:
            known = self._sizes.get(path)
            return FileInfo(path, is_directory=known is None, size=known or 0)
        try:
            with self._open_path(path) as file:
                return FileInfo(path, size=file.seek(0, 2))
        except FileNotFoundError:
            return FileInfo(path, is_directory=True)

    def list(self, path: str = "") -> Iterator[FileInfo]:
        names = self._below.get(path)
        if names is None:
            if not self.info(path).is_directory:
                raise NotADirectoryError(path)
            names = set()
        return (self.info(each) for each in sorted(names))

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        with self.open(path) as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def open(self, path: str) -> BinaryIO:
        if path in self._below:
            raise IsADirectoryError(path)
        return self._open_path(path)

    def version(self, path: str = "") -> str | None:
        if path not in self._below and path not in self._below.get(path.rpartition("/")[0], ()):
            raise FileNotFoundError(path)
        return self._identify(path)

    @cached_property
    def _sizes(self) -> dict[str, int] | None:
        return None if self._measure is None else self._measure()

    @cached_property
    def _below(self) -> dict[str, set[str]]:
        """Name what lies directly in each directory."""
        found: dict[str, set[str]] = {"": set()}
        for path in self._paths():
            inside = path
            while inside:
                above = inside.rpartition("/")[0]
                known = above in found
                found.setdefault(above, set()).add(inside)
                if known:
                    break
                inside = above
        return found
