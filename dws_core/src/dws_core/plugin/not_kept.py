"""The files of a recorded listing, whose content is read where it lies while it is still what was recorded."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from dws_core.errors import ContentNotKeptError
from dws_core.plugin.files import FileInfo, Files
from dws_core.plugin.listed_rows import Listed, identity_of
from dws_core.plugin.manifest import Manifest
from dws_core.plugin.objects import EntryKind
from dws_core.plugin.reading_ahead import read_ahead
from dws_core.plugin.rows import key_of, text_of


class NotKeptFiles(Files):
    """What a listing tells of; `present` reads what is there now, and `look` tells which row a path has now.

    A file is read where it now has the recorded hash, and as long as it is not written to: ContentNotKeptError. Of a symlink
    only the hash of its target is known, so that it leads nowhere.
    """

    def __init__(self, resource: str, manifest: Manifest[Listed], present: Files, look: Callable[[str], Listed | None]) -> None:
        super().__init__(resource)
        self._manifest = manifest
        self._present = present
        self._look = look

    def info(self, path: str) -> FileInfo:
        row = self._manifest.find(key_of(path)) if path else None
        if row is not None:
            return _info(row)
        if path and next(self._manifest.below(key_of(f"{path}/")), None) is None:
            raise FileNotFoundError(path)
        return FileInfo(path, is_directory=True)

    def list(self, path: str = "") -> Iterator[FileInfo]:
        if not self.info(path).is_directory:
            raise NotADirectoryError(path)
        for each in self._manifest.below(key_of(f"{path}/" if path else "")):
            if each.row is None:
                yield FileInfo(text_of(each.key).removesuffix("/"), is_directory=True)
            else:
                yield _info(each.row)

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        return self._part(self._same(path), start, length)

    def open(self, path: str) -> BinaryIO:
        seen = self._same(path)
        return read_ahead(lambda start, length: self._part(seen, start, length), seen.size, path)

    def version(self, path: str = "") -> str | None:
        return identity_of(path, self._manifest.rows()) if path else self._manifest.id

    def _same(self, path: str) -> FileInfo:
        """Look at what lies there now; ContentNotKeptError where it is not what was recorded."""
        if self.info(path).is_directory:
            raise IsADirectoryError(path)
        row = self._manifest.find(key_of(path))
        assert row is not None, "what is no directory has a row"
        if row.kind is EntryKind.SYMLINK:
            raise FileNotFoundError(path)
        try:
            seen, now = self._present.info(path), self._look(path)
        except FileNotFoundError as error:
            raise ContentNotKeptError(self.resource, path) from error
        if row.hash is None or now is None or (now.hash, now.size) != (row.hash, row.size):
            raise ContentNotKeptError(self.resource, path)
        return seen

    def _part(self, seen: FileInfo, start: int, length: int | None) -> bytes:
        """Read a part of what was looked at, unless it was written to since."""
        try:
            content = self._present.read(seen.path, start, length)
            now = self._present.info(seen.path)
        except FileNotFoundError as error:
            raise ContentNotKeptError(self.resource, seen.path) from error
        if now != seen:
            raise ContentNotKeptError(self.resource, seen.path)
        return content


def _info(row: Listed) -> FileInfo:
    is_file = row.kind in (EntryKind.FILE, EntryKind.EXECUTABLE)
    return FileInfo(row.path, row.kind is EntryKind.DIRECTORY, row.size if is_file else 0)
