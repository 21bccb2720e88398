"""The files of a snapshot, whose content is got from a store where this clone lacks it."""

from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from dws_core.errors import MissingObjectError
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.plugin.files import FileInfo, Files
from dws_core.workspace import Workspace, changing, get_snapshot

T = TypeVar("T")


class FetchedFiles(Files):
    """What the files of a recorded version answer; what is not here comes first, as for a restore: NotPushedError."""

    def __init__(self, files: Files, workspace: Workspace, snapshot: Snapshot, resource: Resource) -> None:
        super().__init__(f"{resource.name}@{snapshot.label}")
        self._files = files
        self._workspace = workspace
        self._snapshot = snapshot
        self._id = resource.id

    def info(self, path: str) -> FileInfo:
        return self._with_content(lambda: self._files.info(path))

    def list(self, path: str = "") -> Iterator[FileInfo]:
        return iter(self._with_content(lambda: [*self._files.list(path)]))

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        return self._with_content(lambda: self._files.read(path, start, length))

    def open(self, path: str) -> BinaryIO:
        return self._with_content(lambda: self._files.open(path))

    def version(self, path: str = "") -> str | None:
        return self._with_content(lambda: self._files.version(path))

    def _with_content(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except MissingObjectError:
            with changing(self._workspace, "read"):
                get_snapshot(self._workspace, self._snapshot, [self._id])
        return ask()
