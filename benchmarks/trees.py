"""Directories of many small files, the same in every run."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

FILE_BYTES = 1024
FILES_IN_A_DIRECTORY = 100


def make(directory: Path, count: int) -> None:
    """Write `count` files of 1 KiB, a hundred to a directory."""
    chance = random.Random(count)
    for path in _paths(directory, count):
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
        path.write_bytes(chance.randbytes(FILE_BYTES))


def change_one_percent(directory: Path, count: int) -> int:
    """Write every hundredth file anew, with other bytes of the same number; answer how many they are."""
    chance = random.Random(-count)
    changed = list(_paths(directory, count))[::100]
    for path in changed:
        path.write_bytes(chance.randbytes(FILE_BYTES))
    return len(changed)


def copy(source: Path, target: Path) -> None:
    """Copy a tree, keeping no times, so that every file is as new as in a fresh clone."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)


def _paths(directory: Path, count: int) -> Iterator[Path]:
    for number in range(count):
        yield directory / f"{number // FILES_IN_A_DIRECTORY:04}" / f"{number % FILES_IN_A_DIRECTORY:02}.bin"
