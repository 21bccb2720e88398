"""What one clone remembers of a directory of a server, to read less of it; none of it is needed."""

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dws_core.errors import DwsError
from dws_core.model.codec import Json, JsonObject, dump, parse
from dws_core.model.version import is_object_id
from dws_ssh.survey import Found

_TREES = 8
_SETTLED = 2
"""How many seconds old a file's time must be, so that a later edit has another one."""


class Memory:
    """`trees` are the last that were stored of it; `sums` of large objects by their ids; and what files had which sum."""

    def __init__(self, directory: Path, origin: str) -> None:
        self._path = directory / "memory.json"
        self._origin = origin
        found = self._read()
        self._files = _objects(found.get("files"))
        self._sums = _objects(found.get("sums"))
        trees = found.get("trees")
        self.trees = [each for each in trees if isinstance(each, str) and is_object_id(each)] if isinstance(trees, list) else []

    def sum_of_object(self, identity: str) -> str | None:
        """Answer the SHA-256 of the content of a large file, whose object has another id."""
        found = self._sums.get(identity)
        return found if isinstance(found, str) else None

    def remember_object(self, identity: str, sum_: str) -> None:
        self._sums[identity] = sum_

    def object_of_sum(self, sum_: str) -> str | None:
        return next((identity for identity, each in self._sums.items() if each == sum_), None)

    def sum_of_file(self, path: str, found: Found) -> str | None:
        """Answer which sum a file had when it had the size and the time that it has now; only a user may trust in that."""
        known = self._files.get(path)
        if isinstance(known, list) and len(known) == 3 and known[:2] == [found.size, found.modified]:
            return known[2] if isinstance(known[2], str) else None
        return None

    def remember_files(self, files: Mapping[str, Found], sums: Mapping[str, str], since: float) -> None:
        """Remember the sums of files that were not written to shortly before they were looked at."""
        settled = (path for path in sums if files[path].modified < since - _SETTLED)
        self._files = {path: [files[path].size, files[path].modified, sums[path]] for path in settled}

    def remember_tree(self, tree: str) -> None:
        self.trees = [tree, *(each for each in self.trees if each != tree)][:_TREES]

    def save(self) -> None:
        """Write it down, if that can be done: where not, more is read the next time."""
        content: JsonObject = {
            "origin": self._origin,
            "files": dict(self._files),
            "sums": dict(self._sums),
            "trees": list[Json](self.trees),
        }
        fresh = self._path.with_name(f"memory.{time.monotonic_ns()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                fresh.write_bytes(dump(content))
                fresh.replace(self._path)
            finally:
                fresh.unlink(missing_ok=True)

    def _read(self) -> JsonObject:
        with suppress(OSError, DwsError, ValueError):
            found = parse(self._path.read_bytes(), str(self._path))
            return found if found.get("origin") == self._origin else {**found, "files": {}}
        return {}


def _objects(value: Json) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}
