"""What it costs to share a set of files through a bare repository and a directory as store: push, clone, pull."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.clock import FailedRunError, Figure, cost_of, together
from benchmarks.life import Row
from benchmarks.programs.program import FILES, Program

PUSH = "push"
CLONE = "clone"
IDLE = "pull, nothing new"
FETCH = "git fetch, nothing new"
COPY = "cp -r of the objects"
LASTING = "cp -r of the objects, made to last"
BOTH = "cp -r of the objects and the files"

# A section of a run holds what it costs to share one set.
PREFIX = "sharing: "


def section(name: str) -> str:
    """Name that section."""
    return f"{PREFIX}{name}"


@dataclass(frozen=True)
class Sharing:
    """One workspace that is shared: the directory with its files is moved into it."""

    program: Program
    tree: Path
    repeats: int
    patience: float
    settle: Callable[[], object]

    def rows(self) -> Iterator[Row]:
        """Share it, and give each run's cost as it is known; what the machine needs for the same bytes is measured beside it."""
        self._publish()
        yield from self._push()
        yield from self._clone()
        for _ in range(self.repeats):
            yield Row(self.program.name, IDLE, self._dws(self._top / "clone", "pull"))
            yield Row("git", FETCH, self._run(self._top / "clone", "git", "fetch"))

    def _publish(self) -> None:
        """Make a workspace, published while it was empty, and a snapshot that nobody has pushed."""
        for directory in (self._workspace, self.program.stage.private):
            directory.mkdir(parents=True)
        self._run(self._top, "git", "init", "--quiet", "--bare", "origin.git")
        self._dws(self._workspace, "init")
        self._dws(self._workspace, "store", "add", "shared", "../store")
        self._dws(self._workspace, "publish", "../origin.git")
        self.tree.rename(self._workspace / FILES)
        self._dws(self._workspace, "add", "local-files", "--role=source-data", f"--name={FILES}", f"./{FILES}")
        self._dws(self._workspace, "snapshot", "-m", "what is shared", "ONE")

    def _push(self) -> Iterator[Row]:
        self.settle()
        copied = self._copy_objects("copy")
        yield Row(machine.NAME, COPY, copied)
        kept = self._run(self._top, "sync", "--file-system", "copy")
        yield Row(machine.NAME, LASTING, together([copied, kept]))
        self.settle()
        yield Row(self.program.name, PUSH, self._dws(self._workspace, "push"))

    def _clone(self) -> Iterator[Row]:
        self.settle()
        (self._top / "both").mkdir()
        files = machine.copy(self._workspace / FILES, self._top / "both" / FILES)
        yield Row(machine.NAME, BOTH, together([self._copy_objects("both/objects"), files]))
        self.settle()
        yield Row(self.program.name, CLONE, self._dws(self._top, "clone", "origin.git", "clone"))
        cloned, ours = self._top / "clone" / FILES, self._workspace / FILES
        if subprocess.run(["diff", "-rq", ours, cloned], stdout=subprocess.DEVNULL, check=False).returncode:
            raise FailedRunError(f"{cloned} is not what was pushed")

    def _copy_objects(self, name: str) -> Figure:
        """Copy what a push may send: packs, and the files that have none; not what is kept for undo."""
        objects = self._workspace / ".dataworkspace" / "local" / "objects"
        target = self._top / name
        target.mkdir()
        return cost_of(["cp", "-r", str(objects / "packs"), str(objects / "loose"), str(target)], self._top)

    def _dws(self, directory: Path, *arguments: str) -> Figure:
        return self._run(directory, self.program.program, *arguments)

    def _run(self, directory: Path, *command: str) -> Figure:
        return cost_of(command, directory, self.program.environment, self.patience)

    @property
    def _top(self) -> Path:
        return self.program.stage.top

    @property
    def _workspace(self) -> Path:
        return self.program.stage.workspace
