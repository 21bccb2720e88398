"""Where work with buckets is measured: a server of its own for each run, and programs that know the way to it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clock import Figure, cost_of
from benchmarks.programs import OURS
from benchmarks.programs.program import Program, Stage
from benchmarks.trees import remove
from tests.servers.s3 import S3, running_s3


@dataclass(frozen=True)
class Bench:
    """How it is measured: in which directory, with which programs, how often, for how long at most, and with how little."""

    directory: Path
    path: str
    patience: float
    quick: bool
    tell: Callable[[str], None]

    @property
    def repeats(self) -> int:
        return 1 if self.quick else 3

    @property
    def rclone(self) -> str | None:
        """The peer, which pip may have put beside Python."""
        return shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{self.path}")

    @contextmanager
    def run(self) -> Iterator["OneRun"]:
        """Start a server that holds nothing, and a program that knows nothing; nothing of either stays."""
        top = self.directory / "s3"
        (top / "server").mkdir(parents=True)
        try:
            with running_s3(top / "server") as server:
                program = OURS(Stage(top), self.path)
                for directory in (program.stage.workspace, program.stage.private):
                    directory.mkdir()
                yield OneRun(program, server, self.patience, self.quick)
        finally:
            remove(top)


@dataclass(frozen=True)
class OneRun:
    """A server, our program on its stage, and whatever else is started with the same environment."""

    program: Program
    server: S3
    patience: float
    quick: bool

    def dws(self, *arguments: str) -> Figure:
        """Measure our command in the workspace."""
        return self.command(self.program.program, *arguments)

    def command(self, *command: str, environment: Mapping[str, str] | None = None) -> Figure:
        """Measure any command in the workspace."""
        settings = {**self.program.environment, **self.server.environment, **(environment or {})}
        return cost_of(command, self.program.stage.workspace, settings, self.patience)

    def settle(self) -> None:
        """Wait until what others have written is on the disk, so that they alone pay for it."""
        if not self.quick:
            os.sync()
