"""Directories that are taken to be as they were when they were looked at, for as long as one operation works on them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from dws_core.objects.contents import Contents
from dws_core.objects.picture import FoundDirectory
from dws_core.objects.steps import Steps
from dws_core.objects.survey import Survey


@dataclass
class Look:
    """A directory as it was found, and what was worked out from that: the steps to a tree, by its id."""

    survey: Survey
    top: FoundDirectory
    steps: dict[str, Steps] = field(default_factory=dict)

    def store(self, contents: Contents) -> None:
        """Store what was found; a file that must be read for that may have become another."""
        if self.survey.store(self.top, contents):
            self.steps.clear()

    def save(self) -> None:
        """Keep what was found for the next command."""
        self.survey.save(self.top)


class SteadyLooks:
    """The looks of the steady times that threads are in, which end with the last of them."""

    def __init__(self) -> None:
        self._looks: dict[Path, Look] = {}
        self._inside = 0
        self._lock = Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep looks inside; afterwards they are saved for the next command, and forgotten."""
        with self._lock:
            self._inside += 1
        try:
            yield
        except BaseException:
            with suppress(OSError):
                self._leave()
            raise
        else:
            self._leave()

    def find(self, directory: Path) -> Look | None:
        return self._looks.get(directory.absolute())

    def keep(self, directory: Path, look: Look) -> None:
        """Keep a look until the end of the steady time; outside of one it is only saved."""
        with self._lock:
            if self._inside:
                self._looks[directory.absolute()] = look
                return
        look.save()

    def forget(self, directory: Path) -> None:
        with self._lock:
            self._looks.pop(directory.absolute(), None)

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside:
                return
            looks = list(self._looks.values())
            self._looks.clear()
        for look in looks:
            look.save()
