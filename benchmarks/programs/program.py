"""What the benchmark asks of a program that keeps versions of files, ours and each peer alike."""

import math
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeAlias

# The directory of the workspace whose versions are kept.
FILES = "files"

# Programs to run one after another; together they are the operation. None: the program has no such operation.
Commands: TypeAlias = Sequence[Sequence[str]]


class MissingProgramError(Exception):
    """A program is not there, or lacks another that it needs."""


@dataclass(frozen=True)
class Stage:
    """The directories of one life: workspace, what is kept elsewhere, where everything is restored, what made place for it."""

    top: Path

    @property
    def workspace(self) -> Path:
        return self.top / "workspace"

    @property
    def private(self) -> Path:
        return self.top / "private"

    @property
    def empty(self) -> Path:
        return self.top / "empty"

    @property
    def aside(self) -> Path:
        return self.top / "aside"


class Program(ABC):
    """One program on one stage; what it lacks keeps the answer None, and is left out."""

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]
    version: ClassVar[tuple[str, ...]] = ("--version",)
    # With more files than these, nobody would wait for it.
    most_files: ClassVar[float] = math.inf

    def __init__(self, stage: Stage, path: str) -> None:
        self.stage = stage
        self.path = path
        self.program = self.find(path)

    @classmethod
    def find(cls, path: str) -> str:
        """Find the program in the directories of `path`; MissingProgramError says what is not there."""
        absent = [name for name in cls.needs if shutil.which(name, path=path) is None]
        if absent:
            raise MissingProgramError(f"{' and '.join(absent)} not found")
        return str(shutil.which(cls.needs[0], path=path))

    @property
    def environment(self) -> dict[str, str]:
        """Keep the user's settings, and everything that could use the network, away."""
        home = os.fspath(self.stage.private)
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
        identity = {
            f"GIT_{who}_{what}": text
            for who in ("AUTHOR", "COMMITTER")
            for what, text in (("NAME", "bench"), ("EMAIL", "bench@example.com"))
        }
        # Housekeeping in the background would be paid by whatever is measured next.
        settings = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "gc.auto", "GIT_CONFIG_VALUE_0": "0"}
        alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        return {"PATH": self.path, "HOME": home, "TMPDIR": home} | kept | identity | settings | alone | self.settings

    @property
    def settings(self) -> dict[str, str]:
        """The program's own part of the environment."""
        return {}

    @property
    @abstractmethod
    def store(self) -> Sequence[Path]:
        """Where the versions are kept."""

    @abstractmethod
    def prepare(self) -> Commands:
        """Make a workspace, with all files already there."""

    @abstractmethod
    def snapshot(self, tag: str) -> Commands:
        """Keep a version."""

    def unchanged(self, tag: str) -> Commands:
        """Keep a version although nothing has changed."""
        return self.snapshot(tag)

    def status(self) -> Commands | None:
        """Tell what differs from the last version."""
        return None

    def loosen(self, paths: Sequence[str]) -> Commands:
        """Let files be written, where the program forbids it; this is not measured."""
        return ()

    @abstractmethod
    def restore(self, tag: str) -> Commands:
        """Bring a version back."""

    @abstractmethod
    def restore_everything(self, tag: str) -> Commands:
        """Bring a version into an empty directory, in which these are run."""

    def empty(self) -> Path:
        """Make the directory in which everything is restored, so that FILES is there after it."""
        self.put_aside(self.stage.empty)
        return self.stage.empty

    def put_aside(self, directory: Path) -> None:
        """Put an empty directory in another's place.

        Moved, not removed: a file system may take ten times longer to make files where many were removed just before.
        """
        self.stage.aside.mkdir(exist_ok=True)
        if directory.exists():
            directory.rename(self.stage.aside / str(len(list(self.stage.aside.iterdir()))))
        directory.mkdir()
