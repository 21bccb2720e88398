"""The sets of files that are measured, and what is measured on each."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine, trees
from benchmarks.clock import FailedRunError, Figure, middle
from benchmarks.life import FIRST, SHORT, Life, Row
from benchmarks.programs import OURS
from benchmarks.programs.program import Program, Stage
from benchmarks.sharing import PUSH, Sharing
from benchmarks.trees import Shape

TINY, SMALL, MEDIUM, LARGE = "tiny", "small", "medium", "large"

REPEATS = 3


@dataclass(frozen=True)
class FileSet:
    """Files of one shape, and a shape as alike as possible that a test has time for."""

    title: str
    whole: Shape
    quick: Shape


SETS: Mapping[str, FileSet] = {
    TINY: FileSet("100,000 × 1 KiB", Shape(100_000, 1 << 10, 100), Shape(200, 1 << 10, 100)),
    SMALL: FileSet("10,000 × 10 KiB", Shape(10_000, 10 << 10, 100), Shape(100, 10 << 10, 100)),
    MEDIUM: FileSet("2,000 × 1 MiB", Shape(2_000, 1 << 20, 100), Shape(8, 1 << 20, 4)),
    LARGE: FileSet("one of 2 GiB", Shape(1, 2 << 30, 1), Shape(1, 80 << 20, 1)),
}


@dataclass(frozen=True)
class Run:
    """How a set is measured: where, beside which programs, how often, and for how long at most."""

    directory: Path
    programs: Sequence[type[Program]]
    path: str
    patience: float
    quick: bool
    tell: Callable[[str], None]

    def measure(self, name: str) -> dict[str, dict[str, Figure]]:
        """Measure every program with one set, and the machine, by program and operation."""
        tree, shape, rows = self._make(name)
        rows += self._limits(tree)
        rows += self._lives(tree, shape, SETS[name].title)
        trees.remove(tree)
        return merged(rows)

    def share(self, name: str) -> dict[str, dict[str, Figure]]:
        """Measure what it costs to share one set; again where that is short. Nothing is removed until all is measured."""
        rows: list[Row] = []
        top = self.directory / "sharing"
        for number in range(self.repeats):
            self.tell(f"sharing {SETS[name].title}, life {number + 1}")
            tree, _, made = self._make(name)
            program = OURS(Stage(top / str(number)), self.path)
            lived = [*Sharing(program, tree, self.repeats, self.patience, self._settle).rows()]
            rows += [*made, *lived]
            if any(row.operation == PUSH and row.figure["seconds"] > SHORT for row in lived):
                break
        trees.remove(top)
        return merged(rows)

    @property
    def repeats(self) -> int:
        return 1 if self.quick else REPEATS

    def _settle(self) -> None:
        if not self.quick:
            os.sync()

    def _make(self, name: str) -> tuple[Path, Shape, list[Row]]:
        """Make the files of a set, and tell what they are."""
        shape = SETS[name].quick if self.quick else SETS[name].whole
        tree = self.directory / "tree"
        trees.make(tree, shape)
        return tree, shape, [Row(machine.NAME, "tree", {"files": shape.files, "bytes": shape.files * shape.each})]

    def _limits(self, tree: Path) -> list[Row]:
        return [
            Row(machine.NAME, name, machine.limit(name, tree))
            for _ in range(self.repeats)
            for name in (machine.READ, machine.HASH)
        ]

    def _lives(self, tree: Path, shape: Shape, title: str) -> list[Row]:
        """Let every program live in turn, and those again whose first snapshot is short, so that noise falls on all alike."""
        rows: list[Row] = []
        living = [kind for kind in self.programs if shape.files <= kind.most_files]
        for number in range(self.repeats):
            for kind in list(living):
                self.tell(f"{title}: {kind.name}, life {number + 1}")
                lived = self._live(kind, tree, shape)
                rows += lived
                first = [row.figure["seconds"] for row in lived if (row.program, row.operation) == (kind.name, FIRST)]
                if not first or max(first) > SHORT:
                    living.remove(kind)
        return rows

    def _live(self, kind: type[Program], tree: Path, shape: Shape) -> list[Row]:
        stage = Stage(self.directory / kind.name)
        rows: list[Row] = []
        try:
            for row in Life(kind(stage, self.path), tree, shape, self.repeats, self.patience, self._settle).rows():
                rows.append(row)
        except FailedRunError as failure:
            if kind is OURS:
                raise
            self.tell(f"{kind.name} ended early: {failure}")
            rows.append(Row(kind.name, f"ended early: {failure}", {}))
        finally:
            trees.remove(stage.top)
        return rows


def merged(rows: Sequence[Row]) -> dict[str, dict[str, Figure]]:
    """Merge runs of the same operation, and tell each program's highest peak of all operations."""
    runs: dict[str, dict[str, list[Figure]]] = {}
    for row in rows:
        runs.setdefault(row.program, {}).setdefault(row.operation, []).append(row.figure)
    merged = {program: {name: middle(each) for name, each in operations.items()} for program, operations in runs.items()}
    for operations in merged.values():
        if peaks := [figure["peak"] for figure in operations.values() if "peak" in figure]:
            operations["any"] = {"peak": max(peaks)}
    return merged
