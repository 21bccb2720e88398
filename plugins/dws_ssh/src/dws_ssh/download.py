"""One file on its way from a server into the object store."""

import hashlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from itertools import count
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.plugin import Entry
from dws_ssh.recorded import BLOCKS_ABOVE
from dws_ssh.survey import Found

_MOST_WAITING = 64


class Download:
    """Takes the bytes of one file; what comes after the first part is written and hashed by another thread, while more comes."""

    def __init__(self, directory: Path, numbers: "count[int]", aside: Executor, found: Found) -> None:
        self.path = directory / str(next(numbers))
        self._aside = aside
        self._digest = hashlib.sha256() if found.size > BLOCKS_ABOVE else None
        self._waiting: deque[Future[None]] | None = None

    def update(self, content: bytes, /) -> None:
        if self._waiting is None:
            self._waiting = deque()
            self._take(content)
            return
        self._waiting.append(self._aside.submit(self._take, content))
        if len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft().result()

    def _take(self, content: bytes) -> None:
        try:
            with self.path.open("ab") as file:
                file.write(content)
        except OSError as error:
            raise FileAccessError(self.path, error) from error
        if self._digest is not None:
            self._digest.update(content)

    def keep(self, keep: Callable[[Path], Entry]) -> tuple[Entry, str]:
        """Store what came, let go of it, and answer its SHA-256 as well, which of all but large files is the object's id."""
        while self._waiting:
            self._waiting.popleft().result()
        self.path.touch()
        entry = keep(self.path)
        self.path.unlink()
        return entry, entry.id if self._digest is None else self._digest.hexdigest()
