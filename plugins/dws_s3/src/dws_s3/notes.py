"""Small files of this clone alone that say how things stand between commands; each appears whole, and lasts."""

import os
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.model.codec import JsonObject, dump, parse


class Note:
    """One of them; there is none, or it holds an object of JSON."""

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
        """Let there be none."""
        self._path.unlink(missing_ok=True)
