"""How the cost of each operation grows with the number of files, for each type of resource."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import machine, trees
from benchmarks.clock import Figure, cost_of
from benchmarks.programs.dws import DWS
from benchmarks.trees import Shape

# How a directory of the workspace becomes a resource of each type.
ADD = {
    "local-files": ["local-files", "--role=intermediate-data", "./files"],
    "git-subdirectory": ["git", "--role=intermediate-data", "./files"],
}


# A section of a run holds what so many files cost.
PREFIX = "files: "


def section(files: int) -> str:
    """Name that section."""
    return f"{PREFIX}{files}"


def growth(files: int, types: Sequence[str], directory: Path) -> dict[str, dict[str, Figure]]:
    """Measure the machine, and every operation of each type, with so many files of 1 KiB."""
    with tempfile.TemporaryDirectory(prefix="growth-", dir=directory) as top:
        tree, shape = Path(top, "tree"), Shape(files)
        trees.make(tree, shape)
        measured = {machine.NAME: {name: machine.limit(name, tree) for name in (machine.WALK, machine.READ, machine.HASH)}}
        measured[machine.NAME][machine.COPY] = machine.copy(tree, Path(top, "copy"))
        for name in types:
            workspace = Path(top, name)
            workspace.mkdir()
            measured[name] = dict(_measured(name, tree, shape, workspace))
        return measured


def _measured(resource_type: str, tree: Path, shape: Shape, workspace: Path) -> Iterator[tuple[str, Figure]]:
    """Measure every operation in the order in which a user comes to it."""

    def dws(*arguments: str) -> Figure:
        return cost_of([DWS, *arguments], workspace)

    yield "init", dws("init")
    trees.copy(tree, workspace / "files")
    yield "add", dws("add", *ADD[resource_type])
    os.sync()
    yield "first snapshot", dws("snapshot", "-m", "first", "ONE")
    yield "unchanged snapshot", dws("snapshot")
    yield "status", dws("status")
    trees.change(workspace / "files", shape, shape.files)
    yield "status, 1 % changed", dws("status")
    yield "snapshot, 1 % changed", dws("snapshot", "-m", "second", "TWO")
    yield "diff", dws("diff", "ONE", "TWO")
    yield "restore, 1 % differs", dws("restore", "ONE")
    yield "restore, nothing differs", dws("restore", "ONE")
    yield "history", dws("report", "history")
