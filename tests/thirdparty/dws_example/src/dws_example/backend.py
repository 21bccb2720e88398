"""The backend folder: records are plain files, and are shared through a folder that others can reach."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from dws_core.errors import FileAccessError, NotPublishedError, PathMissingError
from dws_core.plugin import Backend, Commit, Context, Incoming

METADATA = ".dataworkspace"
DESCRIPTION = f"{METADATA}/workspace.json"


class FolderBackend(Backend):
    """A record is kept once its file is there; the origin is a folder that holds the same files."""

    def init(self) -> None:
        """Nothing to make: the core has made the directory."""

    def commit(self, commit: Commit) -> None:
        """Nothing to do: each record became visible whole, by rename."""

    def holds(self, path: str) -> bool:
        return (self.root / path).is_file()

    @property
    def origin(self) -> str | None:
        return self._note.read_text() if self._note.is_file() else None

    def publish(self, url: str) -> None:
        if not Path(url).is_dir():
            raise PathMissingError(url)
        _check_same(self.root, Path(url))
        _copy(self.root / DESCRIPTION, Path(url) / DESCRIPTION)
        _write(self._note, url.encode())

    def fetch(self) -> Incoming | None:
        fresh = _records(self._there) - _records(self.root)
        return Incoming("", {path: (self._there / path).read_bytes() for path in fresh}) if fresh else None

    def merge(self, incoming: Incoming) -> Sequence[str]:
        for path, content in incoming.records.items():
            _write(self.root / path, content)
        return ()

    def push(self) -> bool:
        if _records(self._there) - _records(self.root):
            return False
        for path in sorted(_records(self.root) - _records(self._there)):
            _copy(self.root / path, self._there / path)
        _write(self._sent, "\n".join(_records(self._there)).encode())
        return True

    def is_ahead(self) -> bool:
        sent = self._sent.read_text().split("\n") if self._sent.is_file() else []
        return bool(_records(self.root).difference(sent))

    @classmethod
    def clone(cls, url: str, root: Path, context: Context) -> None:
        made, there = cls(context), Path(url)
        if not (there / DESCRIPTION).is_file():
            raise PathMissingError(there / DESCRIPTION, expected="workspace's")
        for path in (DESCRIPTION, *_records(there)):
            _copy(there / path, root / path)
        _write(made._note, url.encode())
        _write(made._sent, "\n".join(_records(there)).encode())

    @property
    def _there(self) -> Path:
        if self.origin is None:
            raise NotPublishedError
        return Path(self.origin)

    @property
    def _note(self) -> Path:
        return self.context.private / "origin"

    @property
    def _sent(self) -> Path:
        return self.context.private / "sent"


def _check_same(root: Path, there: Path) -> None:
    """Refuse a folder that another workspace uses."""
    place = there / DESCRIPTION
    if place.is_file() and place.read_bytes() != (root / DESCRIPTION).read_bytes():
        raise FileAccessError(place, FileExistsError(17, "it is another workspace's"))


def _records(top: Path) -> set[str]:
    """Name the records of a folder, from its top."""
    return {path.relative_to(top).as_posix() for path in _files(top / METADATA)}


def _files(metadata: Path) -> Iterator[Path]:
    for path in metadata.glob("*/*.json"):
        if path.parent.name != "local" and not path.name.startswith(".") and not path.is_symlink():
            yield path


def _copy(source: Path, target: Path) -> None:
    _write(target, source.read_bytes())


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    fresh.write_bytes(content)
    fresh.replace(target)
