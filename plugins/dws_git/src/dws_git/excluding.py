"""Directories that this clone's git is told not to look at."""

import re

from dws_core.errors import FileAccessError
from dws_git.repository import Repository


def exclude(repository: Repository, path: str) -> None:
    """Add a directory to the repository's own list of what it ignores, once."""
    pattern = "/" + re.sub(r"([\\*?\[\]!# ])", r"\\\1", path) + "/"
    place = repository.common_dir / "info" / "exclude"
    try:
        lines = place.read_text(encoding="utf-8", errors="surrogateescape").splitlines() if place.exists() else []
        if pattern in lines:
            return
        place.parent.mkdir(exist_ok=True)
        fresh = place.with_name("exclude.dws")
        fresh.write_text("\n".join([*lines, pattern]) + "\n", encoding="utf-8", errors="surrogateescape")
        fresh.replace(place)
    except OSError as error:
        raise FileAccessError(place, error) from error
