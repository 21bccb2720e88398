"""Directories of files, the same in every run."""

import itertools
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Shape:
    """So many files of so many bytes each, so many to a directory."""

    files: int
    each: int = 1024
    together: int = 100

    def paths(self) -> Iterator[Path]:
        """Name every file, relative to the tree."""
        for number in range(self.files):
            yield Path(f"{number // self.together:04}", f"{number % self.together:02}.bin")

    def changed(self) -> Iterator[tuple[Path, int, int]]:
        """Tell which bytes are 1 % of all: every hundredth file whole, or what lies in the middle of a single one.

        A row is a file, where its change begins, and how long it is.
        """
        if self.files == 1:
            yield next(self.paths()), self.each // 2, self.each // 100
        else:
            for path in itertools.islice(self.paths(), 0, None, 100):
                yield path, 0, self.each


def make(directory: Path, shape: Shape) -> None:
    """Write all files of a shape."""
    chance = random.Random(shape.files)
    for path in shape.paths():
        (directory / path.parent).mkdir(parents=True, exist_ok=True)
        with (directory / path).open("wb") as file:
            _fill(file, shape.each, chance)


def change(directory: Path, shape: Shape, seed: int) -> None:
    """Write other bytes over 1 % of a tree, each seed its own; names and sizes stay."""
    chance = random.Random(-seed)
    for path, start, length in shape.changed():
        with (directory / path).open("r+b") as file:
            file.seek(start)
            _fill(file, length, chance)


def _fill(file: BinaryIO, length: int, chance: random.Random) -> None:
    """Write bytes by chance, never many at a time."""
    for start in range(0, length, _CHUNK):
        file.write(chance.randbytes(min(_CHUNK, length - start)))


def copy(source: Path, target: Path) -> None:
    """Copy a tree, keeping no times, so that every file is as new as in a fresh clone."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)


def weight(*directories: Path) -> int:
    """Count the bytes of all files below."""
    return sum(Path(top, name).lstat().st_size for each in directories for top, _, names in os.walk(each) for name in names)


def remove(directory: Path) -> None:
    """Remove a tree, with directories in which nobody may write, as git-annex leaves them."""
    for top, _, _ in os.walk(directory):
        Path(top).chmod(0o700)
    shutil.rmtree(directory)
