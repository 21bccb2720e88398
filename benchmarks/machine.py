"""The limits of the machine: what no program can do faster here."""

import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.clock import seconds


def limits(tree: Path, scratch: Path) -> dict[str, float]:
    """Measure, in seconds, what reading and copying a tree costs without any of our code."""
    walks: dict[str, Callable[[], object]] = {
        "scandir and stat": lambda: sum(1 for _ in _stats(os.fspath(tree))),
        "read": lambda: sum(len(Path(path).read_bytes()) for path, _ in _stats(os.fspath(tree))),
        "read and sha256": lambda: [hashlib.sha256(Path(path).read_bytes()).digest() for path, _ in _stats(os.fspath(tree))],
        "cp -r": lambda: subprocess.run(["cp", "-r", tree, scratch], check=True),
    }
    return {name: seconds(walk) for name, walk in walks.items()}


def _stats(directory: str) -> "list[tuple[str, os.stat_result]]":
    found = []
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += _stats(entry.path)
            else:
                found.append((entry.path, entry.stat(follow_symlinks=False)))
    return found
