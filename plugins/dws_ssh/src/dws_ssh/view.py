"""Which recorded version is seen in place of what lies on the server, where nothing may be written there."""

import os
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.model.codec import dump, parse
from dws_core.model.version import Version


class ViewNote:
    """A note of this clone alone."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "view.json"

    def read(self) -> Version | None:
        """Answer the version that is seen; None where what lies there is."""
        try:
            return Version.from_json(parse(self._path.read_bytes(), str(self._path)))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileAccessError(self._path, error) from error

    def write(self, version: Version | None) -> None:
        fresh = self._path.with_name(f"view.{os.getpid()}")
        try:
            if version is None:
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(dump(version.to_json()))
            fresh.replace(self._path)
        except OSError as error:
            raise FileAccessError(self._path, error) from error
