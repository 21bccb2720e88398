"""Directories that this clone's git is told not to look at."""

import re
from collections.abc import Callable

from dws_core.errors import FileAccessError
from dws_git.repository import Repository


def exclude(repository: Repository, path: str) -> None:
    """Add a directory to the repository's own list of what it ignores, once."""
    pattern = _pattern(path)
    _edit(repository, lambda lines: lines if pattern in lines else [*lines, pattern])


def include(repository: Repository, path: str) -> None:
    """Take a directory from that list, if it is on it."""
    _edit(repository, lambda lines: [line for line in lines if line != _pattern(path)])


def _pattern(path: str) -> str:
    return "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", path) + "/"


def _edit(repository: Repository, change: Callable[[list[str]], list[str]]) -> None:
    place = repository.common_dir / "info" / "exclude"
    try:
        before = place.read_text(encoding="utf-8", errors="surrogateescape").splitlines() if place.exists() else []
        lines = change(before)
        if lines == before:
            return
        place.parent.mkdir(exist_ok=True)
        fresh = place.with_name("exclude.dws")
        fresh.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", errors="surrogateescape")
        fresh.replace(place)
    except OSError as error:
        raise FileAccessError(place, error) from error
