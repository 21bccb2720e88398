"""The life of one program with one tree of files: each operation once or more, in the order in which a user comes to it."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine, trees
from benchmarks.clock import FailedRunError, Figure, cost_of, together
from benchmarks.programs import OURS
from benchmarks.programs.program import FILES, Commands, Program

FIRST = "first snapshot"
UNCHANGED = "unchanged snapshot"
STATUS = "status"
CHANGED = "snapshot, 1 % changed"
RESTORE = "restore, 1 % differs"
EVERYTHING = "restore everything"
STORE = "store"

# A run as short as this is repeated, since noise may be as long.
SHORT = 2.0


@dataclass(frozen=True)
class Row:
    """One measured run: of which program, of which operation."""

    program: str
    operation: str
    figure: Figure


@dataclass(frozen=True)
class Life:
    """What is done with one program: `repeats` of each run that is short, none longer than `patience` seconds.

    `settle` waits before a run until what others have written is on the disk, so that they alone pay for it.
    """

    program: Program
    tree: Path
    shape: trees.Shape
    repeats: int
    patience: float
    settle: Callable[[], object]

    def rows(self) -> Iterator[Row]:
        """Live it, and give each run's cost as it is known; the limits of the machine are measured beside what they limit."""
        stage = self.program.stage
        for directory in (stage.workspace, stage.private):
            directory.mkdir(parents=True)
        self.settle()
        yield from self._limit(machine.COPY, machine.copy(self.tree, stage.workspace / FILES))
        self._run(self.program.prepare())
        self.settle()
        yield self._row(FIRST, self.program.snapshot("ONE"))
        yield from self._nothing_changed()
        yield from self._one_percent()
        yield from self._everything()

    def _nothing_changed(self) -> Iterator[Row]:
        for number in range(self.repeats):
            yield from self._limit(machine.WALK, machine.limit(machine.WALK, self._files))
            yield (row := self._row(UNCHANGED, self.program.unchanged(f"AGAIN{number}")))
            if status := self.program.status():
                yield self._row(STATUS, status)
            if row.figure["seconds"] > SHORT:
                break

    def _one_percent(self) -> Iterator[Row]:
        stage = self.program.stage
        for number in range(self.repeats):
            self._run(self.program.loosen([f"{FILES}/{path}" for path, *_ in self.shape.changed()]))
            trees.change(self._files, self.shape, number)
            before = trees.weight(*self.program.store)
            self.settle()
            yield from self._limit(machine.CHANGED, machine.changed_files(self._files, stage.private / "changed", self.shape))
            yield (changed := self._row(CHANGED, self.program.snapshot(f"CHANGED{number}")))
            if number == 0:
                grown = trees.weight(*self.program.store) - before
                yield Row(self.program.name, STORE, {"bytes": before, "growth": grown})
            self.settle()
            yield (restored := self._row(RESTORE, self.program.restore("ONE")))
            self._check(self._files)
            if max(changed.figure["seconds"], restored.figure["seconds"]) > SHORT:
                break

    def _everything(self) -> Iterator[Row]:
        for _ in range(self.repeats):
            directory = self.program.empty()
            self.settle()
            yield (row := self._row(EVERYTHING, self.program.restore_everything("ONE"), directory))
            self._check(directory / FILES)
            if isinstance(self.program, OURS):
                target = self.program.empty() / FILES
                self.settle()
                yield Row(machine.NAME, machine.COPY_BESIDE, machine.copy(self.tree, target))
            if row.figure["seconds"] > SHORT:
                break
            trees.remove(self.program.stage.aside)

    @property
    def _files(self) -> Path:
        return self.program.stage.workspace / FILES

    def _limit(self, name: str, figure: Figure) -> Iterator[Row]:
        """Give a limit if it was measured beside our own command."""
        if isinstance(self.program, OURS):
            yield Row(machine.NAME, name, figure)

    def _row(self, operation: str, commands: Commands, directory: Path | None = None) -> Row:
        return Row(self.program.name, operation, self._run(commands, directory))

    def _run(self, commands: Commands, directory: Path | None = None) -> Figure:
        where, patience = directory or self.program.stage.workspace, self.patience
        costs = []
        for command in commands:
            costs.append(cost_of(command, where, self.program.environment, patience))
            patience = max(1.0, patience - costs[-1]["seconds"])
        return together(costs) if costs else {}

    def _check(self, restored: Path) -> None:
        """Refuse figures of a program that did not do what was measured."""
        if subprocess.run(["diff", "-rq", self.tree, restored], stdout=subprocess.DEVNULL, check=False).returncode:
            raise FailedRunError(f"{self.program.name} did not bring {restored} back")
