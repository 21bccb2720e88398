"""What a plugin is handed of the core."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dws_core.plugin.objects import Objects


class Progress(Protocol):
    """Where long work says how far it is."""

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        """Say how much more is to be done, in files and bytes."""
        ...

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        """Say what has been done since, in files and bytes."""
        ...

    def warn(self, message: str) -> None:
        """Tell the user, on a line of its own, something that does not stop the work."""
        ...


def _nothing_refused(place: str) -> None:
    """Let every place be contacted: what was not asked for through a workspace has nobody's record to mistrust."""


@dataclass(frozen=True)
class Context:
    """What a resource type or backend is handed.

    `root` is the workspace's top directory, `private` a directory of this resource alone in this clone (it may not exist
    yet), `clone` this clone's random id (hexadecimal), `identity` who to name where a tool asks: (name, mail).
    """

    root: Path
    private: Path
    objects: Objects
    progress: Progress
    clone: str
    identity: tuple[str, str]
    contact: Callable[[str], None] = _nothing_refused
    """Raise an OriginNotAcceptedError unless people of this clone accepted that place; called before anything is sent there."""
