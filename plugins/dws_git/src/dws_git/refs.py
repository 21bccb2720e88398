"""Where HEAD and branches lead, read from git's own files where they say it plainly: no program is started for that."""

import re
from pathlib import Path

_ID = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})")
_BRANCH = re.compile(r"ref: (refs/heads/[^\n]+)\n")


def is_id(name: str) -> bool:
    """Tell whether a name is a whole id, so that it never comes to mean something else."""
    return _ID.fullmatch(name) is not None


def plain_branch(git_dir: Path) -> str | None:
    """The branch that is checked out; None where only git can tell."""
    found = _BRANCH.fullmatch(_read(git_dir / "HEAD"))
    # Where refs are kept in tables, this is what stands in their place.
    return found[1] if found and not found[1].endswith("/.invalid") else None


def plain_tip(place: Path) -> str | None:
    """The id that a ref's own file holds; None where only git can tell, for instance since refs were packed."""
    said = _read(place).removesuffix("\n")
    return said if is_id(said) else None


def _read(place: Path) -> str:
    try:
        return "" if place.is_symlink() else place.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""
