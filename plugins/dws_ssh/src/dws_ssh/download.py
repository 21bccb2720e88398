"""One file on its way from a server into the object store."""

import hashlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from itertools import count
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.plugin import Entry

_MOST_WAITING = 64


class Download:
    """Takes the bytes of one file; what comes after the first part is written and hashed by another thread, while more comes."""

    def __init__(self, directory: Path, numbers: "count[int]", aside: Executor) -> None:
        self.path = directory / str(next(numbers))
        self._aside = aside
        self._digest = hashlib.sha256()
        self._waiting: deque[Future[None]] | None = None

    @property
    def sum(self) -> str:
        self._finish()
        return self._digest.hexdigest()

    def update(self, content: bytes, /) -> None:
        if self._waiting is None:
            self._waiting = deque()
            self._take(content)
            return
        self._waiting.append(self._aside.submit(self._take, content))
        if len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft().result()

    def _finish(self) -> None:
        while self._waiting:
            self._waiting.popleft().result()

    def _take(self, content: bytes) -> None:
        try:
            with self.path.open("ab") as file:
                file.write(content)
        except OSError as error:
            raise FileAccessError(self.path, error) from error
        self._digest.update(content)

    def keep(self, keep: Callable[[Path], Entry]) -> Entry:
        """Store what came, and let go of it."""
        self._finish()
        self.path.touch()
        entry = keep(self.path)
        self.path.unlink()
        return entry

    def discard(self) -> None:
        self._finish()
        self.path.unlink(missing_ok=True)
