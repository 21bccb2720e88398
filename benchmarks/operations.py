"""Each operation of the command, on a workspace with one resource of many files."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import trees
from benchmarks.clock import seconds_of
from benchmarks.startup import DWS

# How a directory of the workspace becomes a resource of each type.
ADD = {
    "local-files": ["local-files", "--role=intermediate-data", "./files"],
    "git-subdirectory": ["git", "--role=intermediate-data", "./files"],
}


def operations(resource_type: str, tree: Path, count: int, workspace: Path) -> dict[str, float]:
    """Measure, in seconds, every operation in the order in which a user comes to it."""
    workspace.mkdir()
    return dict(_measured(resource_type, tree, count, workspace))


def _measured(resource_type: str, tree: Path, count: int, workspace: Path) -> Iterator[tuple[str, float]]:
    def dws(*arguments: str) -> float:
        return seconds_of([DWS, *arguments], workspace)

    yield "init", dws("init")
    trees.copy(tree, workspace / "files")
    yield "add", dws("add", *ADD[resource_type])
    yield "first snapshot", dws("snapshot", "-m", "first", "ONE")
    yield "unchanged snapshot", dws("snapshot")
    yield "status", dws("status")
    trees.change_one_percent(workspace / "files", count)
    yield "status, 1 % changed", dws("status")
    yield "snapshot, 1 % changed", dws("snapshot", "-m", "second", "TWO")
    yield "diff", dws("diff", "ONE", "TWO")
    yield "restore, 1 % differs", dws("restore", "ONE")
    yield "restore, nothing differs", dws("restore", "ONE")
    yield "history", dws("report", "history")
