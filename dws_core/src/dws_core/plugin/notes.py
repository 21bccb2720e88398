"""Small files of this clone alone that say how a resource stands between commands; each appears whole, and lasts."""

import os
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.model.codec import JsonObject, dump, parse
from dws_core.model.version import Version


class Note:
    """One of them, at a path in a private directory; there is none, or it holds an object of JSON."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> JsonObject | None:
        """Give what it says, None where there is none; FileAccessError, DamagedRecordError."""
        try:
            return parse(self._path.read_bytes(), str(self._path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileAccessError(self._path, error) from error

    def write(self, value: JsonObject) -> None:
        """Let it say this; FileAccessError."""
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                file.write(dump(value))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise FileAccessError(self._path, error) from error

    def remove(self) -> None:
        """Let there be none; FileAccessError."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise FileAccessError(self._path, error) from error


class View:
    """The note of a type that has recorded versions seen in place of what lies at its origin: `ResourceType.view`."""

    def __init__(self, private: Path) -> None:
        self._note = Note(private / "view.json")

    @property
    def version(self) -> Version | None:
        """The version that is seen; None where what lies there is."""
        found = self._note.read()
        return Version.from_json(found) if found is not None else None

    def show(self, version: Version) -> None:
        """Have a version seen."""
        self._note.write(version.to_json())

    def end(self) -> None:
        """Have what lies there seen."""
        self._note.remove()
