"""What a suite hands to the implementation under test: a real context with a real object store."""

from pathlib import Path

from dws_core.objects import ObjectStore
from dws_core.plugin import Context


class Silence:
    """Progress that nobody looks at; what it was told to warn of is kept."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        pass

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        pass

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def objects_directory(root: Path) -> Path:
    """Name where `make_context` keeps objects."""
    return root / ".dataworkspace" / "local" / "objects"


def make_context(root: Path, owner: str = "resource") -> Context:
    """Make a context as a workspace at `root` would; made again, it finds what the first one stored."""
    local = root / ".dataworkspace" / "local"
    progress = Silence()
    return Context(
        root=root,
        private=local / "private" / owner,
        objects=ObjectStore(objects_directory(root), local / "cache", progress),
        progress=progress,
        clone="0123456789abcdef0123456789abcdef",
        identity=("Ada Lovelace", "ada@example.org"),
    )
