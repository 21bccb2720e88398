"""A command that is ended at many points, each time from the same beginning."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dws_core.testing.faults import Fault, interruptions
from tests.product.near import run_near


@dataclass(frozen=True)
class Stage:
    """A directory that goes back to how it was kept, as often as it is asked to."""

    root: Path
    kept: Path

    @classmethod
    def of(cls, made: Path, directory: Path) -> "Stage":
        """Copy what was made once for many tests."""
        stage = cls(directory / "played", directory / "kept")
        shutil.copytree(made, stage.root, symlinks=True)
        return stage

    def keep(self) -> None:
        """Let it be as it is now at every beginning from here on."""
        shutil.copytree(self.root, self.kept, symlinks=True)

    def again(self) -> None:
        """Begin again, in the same directories: a clone knows by its own that it is no copy, which it would have to say first."""
        for each in sorted(self.root.rglob("*"), reverse=True):
            if each.is_symlink() or not each.is_dir():
                each.unlink()
            elif not (self.kept / each.relative_to(self.root)).is_dir():
                each.rmdir()
        shutil.copytree(self.kept, self.root, symlinks=True, dirs_exist_ok=True)


def endings(stage: Stage, place: Path, verb: str, fault: Fault, *, most: int | None) -> Iterator[str]:
    """Let a command be ended in a place of the stage, at so many points (None: every one, as with `EVERY_POINT`); name each."""

    def attempt() -> None:
        """Give the command; it may refuse, with an error that was foreseen."""
        ended = run_near(place, ["--batch", "--quiet", *verb.split()])
        if ended.status != 0:
            raise OSError(ended.err)

    scratch = stage.kept.with_name("scratch")
    yield from interruptions(fault, stage.again, attempt, scratch, most=None if os.environ.get("EVERY_POINT") else most)
