"""Which versions in the bucket are copies of which, as far as this clone made them: S3 does not tell."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_s3.comparing import Copies
from dws_s3.keys import key_of, text_of
from dws_s3.rows import Row


class KnownCopies:
    """A list to which lines are only added; a line that a dead command began counts for nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Copies:
        """Give, by key and version of each copy, the version that it was made of."""
        found: dict[tuple[bytes, str], str] = {}
        try:
            lines = self._path.read_text(encoding="ascii", errors="replace").split("\n")[:-1]
        except FileNotFoundError:
            return found
        except OSError as error:
            raise FileAccessError(self._path, error) from error
        for line in lines:
            with suppress(ValueError):
                match json.loads(line):
                    case [str(key), str(made), str(original)]:
                        found[key_of(key), made] = original
        return found

    def add(self, made: Iterable[tuple[Row, Row]]) -> None:
        """Remember pairs of an original and its copy under the same key."""
        lines = [json.dumps([text_of(new.key), new.version, old.version]) + "\n" for old, new in made]
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._path.open("a", encoding="ascii") as file:
                file.writelines(["\n", *lines] if lines else [])
        except OSError as error:
            raise FileAccessError(self._path, error) from error
