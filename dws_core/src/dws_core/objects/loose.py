"""Objects that have a file of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

from dws_core.objects.layout import FILE_MODE
from dws_core.objects.rows import moment
from dws_core.objects.writing import make_directory, remove_temporaries, sync_directory, temporary, write_all


class LooseObjects:
    """A directory of objects, spread over directories by the first two digits of their ids."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._seen: dict[str, int] = {}
        self._listed: dict[str, list[bytes]] = {}
        self._touched: set[Path] = set()

    def path(self, identity: bytes) -> Path:
        digits = identity.hex()
        return self.directory / digits[:2] / digits[2:]

    def changed(self) -> tuple[list[bytes], list[bytes]]:
        """List the ids in all directories that changed since the last call, and those that are no longer there."""
        found: list[bytes] = []
        gone: list[bytes] = []
        now = moment().safe
        for prefix in {*_names(self.directory), *self._listed}:
            if len(prefix) != 2:
                continue
            stamp = _stamp(self.directory / prefix)
            if self._seen.get(prefix) != stamp or stamp >= now:
                self._seen[prefix] = stamp
                names = _names(self.directory / prefix)
                there = [bytes.fromhex(prefix + name) for name in names if len(name) == 62]
                before = self._listed.get(prefix)
                if before:
                    gone += set(before).difference(there)
                self._listed[prefix] = there
                found += there
        return found, gone

    def all(self) -> Iterator[bytes]:
        """Yield the ids of all there are."""
        for prefix in sorted(_names(self.directory)):
            if len(prefix) == 2:
                yield from (bytes.fromhex(prefix + name) for name in _names(self.directory / prefix) if len(name) == 62)

    def forget(self) -> None:
        """Take every directory for changed."""
        self._seen.clear()
        self._listed.clear()

    def prepare(self) -> None:
        """Make the directory ready for writing, and remove what a dead writer left."""
        make_directory(self.directory)
        remove_temporaries(self.directory)

    def create(self) -> tuple[int, Path]:
        """Open a new temporary file for reading and writing."""
        path = temporary(self.directory)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE), path

    def adopt(self, descriptor: int, path: Path, identity: bytes) -> None:
        """Make a temporary file last under its id."""
        os.fdatasync(descriptor)
        final = self.path(identity)
        if final.parent not in self._touched:
            make_directory(final.parent)
            self._touched.add(final.parent)
        path.rename(final)

    def write(self, identity: bytes, content: bytes | bytearray | memoryview) -> None:
        """Store an object whose bytes are at hand."""
        descriptor, path = self.create()
        try:
            write_all(descriptor, content, path)
            self.adopt(descriptor, path, identity)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)

    def finish(self) -> None:
        """Make the names of all new objects last."""
        touched = list(self._touched)
        for directory in touched:
            sync_directory(directory)
        if touched:
            sync_directory(self.directory)
        self._touched.difference_update(touched)


def _stamp(directory: Path) -> int:
    """Tell when a directory last changed; 0 where it is gone."""
    try:
        return directory.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _names(directory: Path) -> list[str]:
    try:
        return [path.name for path in directory.iterdir()]
    except FileNotFoundError:
        return []
