"""Where things lie in a workspace's directory."""

from dataclasses import dataclass
from pathlib import Path

METADATA = ".dataworkspace"


@dataclass(frozen=True)
class Layout:
    """The paths of a workspace whose top directory is `root`."""

    root: Path

    @property
    def metadata(self) -> Path:
        """What all clones share, and `local`."""
        return self.root / METADATA

    @property
    def description(self) -> Path:
        return self.metadata / "workspace.json"

    @property
    def local(self) -> Path:
        """What is this clone's alone."""
        return self.metadata / "local"

    @property
    def lock(self) -> Path:
        return self.local / "lock"

    @property
    def journal(self) -> Path:
        return self.local / "journal.json"

    @property
    def undo(self) -> Path:
        return self.local / "undo"

    @property
    def settings(self) -> Path:
        return self.local / "settings.json"

    @property
    def index(self) -> Path:
        return self.local / "index"

    @property
    def objects(self) -> Path:
        return self.local / "objects"

    @property
    def caches(self) -> Path:
        return self.local / "cache"

    @property
    def lineage(self) -> Path:
        return self.local / "lineage"

    @property
    def sent(self) -> Path:
        """Which snapshots this clone has nothing more to send of."""
        return self.local / "sent.json"

    @property
    def awaited(self) -> Path:
        """Which snapshots this clone has yet to get the content of."""
        return self.local / "awaited.json"

    @property
    def arriving(self) -> Path:
        """Which resources this clone has begun to get, and not all of them may be here."""
        return self.local / "arriving.json"

    def store(self, mark: str) -> Path:
        """What this clone knows of one store."""
        return self.local / "stores" / mark

    def private(self, identity: str) -> Path:
        """A directory of one resource, or of the backend, alone in this clone."""
        return self.local / "private" / identity

    def relative(self, path: Path) -> str:
        """Give a path in the workspace as the history names it."""
        return path.relative_to(self.root).as_posix()


def find_root(start: Path) -> Path | None:
    """Find the top directory of the workspace that holds `start`, or None."""
    for directory in (start, *start.parents):
        if Layout(directory).description.is_file():
            return directory
    return None
