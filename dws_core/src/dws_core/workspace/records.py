"""The records of a workspace on disk: one immutable file each, named by the hash of its bytes."""

import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from dws_core.errors import DamagedRecordError, FileAccessError, NamingError, UnknownNameError
from dws_core.journal import write_whole
from dws_core.model.codec import JsonObject, dump, parse, record_id

N = TypeVar("N")


class Records:
    """The folders of `.dataworkspace/` that hold records; `index` is where this clone keeps a copy of all, to read fast."""

    def __init__(self, directory: Path, index: Path) -> None:
        self.directory = directory
        self._index = index
        self._known: dict[str, list[Any]] | None = None
        self._nouns: dict[str, list[Any]] = {}

    def refresh(self) -> None:
        """Look at the disk again; until then, what was read once is what there is."""
        self._nouns.clear()

    def nouns(self, kind: str, make: Callable[[JsonObject, str], N]) -> list[N]:
        """Make nouns of all records of a kind, oldest first; DamagedRecordError names the file that makes no sense."""
        if kind not in self._nouns:
            self._nouns[kind] = [self._make(kind, identity, value, make) for identity, value in self.read(kind).items()]
        return self._nouns[kind]

    def _make(self, kind: str, identity: str, value: JsonObject, make: Callable[[JsonObject, str], N]) -> N:
        try:
            return make(value, identity)
        except (ValueError, NamingError) as error:
            raise DamagedRecordError(str(self.directory / kind / f"{identity}.json"), str(error)) from error

    def read(self, kind: str) -> Mapping[str, JsonObject]:
        """Give all records of a kind by id, in order of their time, then id; DamagedRecordError names file and line."""
        known = self._load()
        found: dict[str, JsonObject] = {}
        fresh = False
        for name, stamp in self._list(kind):
            row = known.get(name)
            if row is None or row[:2] != stamp:
                known[name] = [*stamp, self._check(name)]
                fresh = True
            found[Path(name).stem] = known[name][2]
        if fresh:
            self._save(known)
        return dict(sorted(found.items(), key=lambda item: (str(item[1].get("time", "")), item[0])))

    def one(self, kind: str, identity: str) -> JsonObject:
        """Read one record; UnknownNameError if it is not there."""
        name = f"{kind}/{identity}.json"
        if not (self.directory / name).is_file():
            raise UnknownNameError(f"record in {kind}", identity)
        return self._check(name)

    def put(self, kind: str, value: JsonObject) -> str:
        """Write a record and answer its id."""
        content = dump(value)
        identity = record_id(content)
        path = self.directory / kind / f"{identity}.json"
        self._nouns.pop(kind, None)
        if not path.is_file():
            write_whole(path, content)
        return identity

    def sweep(self) -> None:
        """Remove what a killed process left half written; the workspace's lock is held."""
        for path in self.directory.glob("*/.*.tmp"):
            path.unlink(missing_ok=True)

    def _list(self, kind: str) -> Iterator[tuple[str, list[int]]]:
        try:
            with os.scandir(self.directory / kind) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and not entry.name.startswith("."):
                        status = entry.stat(follow_symlinks=False)
                        if not stat.S_ISREG(status.st_mode):
                            raise DamagedRecordError(entry.path, "a record must be a plain file")
                        yield f"{kind}/{entry.name}", [status.st_size, status.st_mtime_ns]
        except FileNotFoundError:
            return
        except OSError as error:
            raise FileAccessError(self.directory / kind, error) from error

    def _check(self, name: str) -> JsonObject:
        path = self.directory / name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FileAccessError(path, error) from error
        value = parse(content, str(path))
        if record_id(content) != path.stem:
            raise DamagedRecordError(str(path), "its content does not have the hash that its name says")
        return value

    def _load(self) -> dict[str, list[Any]]:
        if self._known is None:
            try:
                loaded = json.loads(self._index.read_bytes())
                self._known = loaded if isinstance(loaded, dict) else {}
            except (OSError, ValueError):
                self._known = {}
        return self._known

    def _save(self, known: dict[str, list[Any]]) -> None:
        """Keep the copy; where that is not possible (a workspace that can only be read), reading is merely slower."""
        if self._index.parent.is_dir():
            fresh = self._index.with_name(f"{self._index.name}.{os.getpid()}")
            try:
                fresh.write_text(json.dumps(known))
                fresh.replace(self._index)
            except OSError:
                fresh.unlink(missing_ok=True)
