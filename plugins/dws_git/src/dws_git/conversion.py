"""Which files git would store otherwise than they are (line ends, filters, encodings), and as what."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dws_git.listing import EXECUTABLE, FILE, Item
from dws_git.repository import Repository

_ATTRIBUTES = ("text", "eol", "crlf", "ident", "filter", "working-tree-encoding")
_INERT = (b"unspecified", b"unset")


def converted(repository: Repository, prefix: str, listing: Mapping[str, Item], scratch: Path) -> dict[str, str]:
    """Store these files as `git add` would, and answer the ids of those that are then not what they are on disk.

    `prefix` is where the listing lies below the repository's top.
    """
    files = [path for path, item in listing.items() if item.mode in (FILE, EXECUTABLE)]
    doubtful = files if _converts_all(repository) else _with_attributes(repository, prefix, files)
    if not doubtful:
        return {}
    stored = _as_added(repository, [_join(prefix, path) for path in doubtful], scratch)
    return {path: stored[_join(prefix, path)] for path in doubtful if stored[_join(prefix, path)] != listing[path].id}


def _converts_all(repository: Repository) -> bool:
    return (repository.setting("core.autocrlf") or "false").lower() in ("true", "input", "1", "yes", "on")


def _with_attributes(repository: Repository, prefix: str, paths: Sequence[str]) -> list[str]:
    if not paths:
        return []
    given = b"".join(os.fsencode(_join(prefix, path)) + b"\0" for path in paths)
    answer = repository.git.run("check-attr", "-z", "--stdin", *_ATTRIBUTES, given=given).split(b"\0")
    found = dict.fromkeys(path for path, value in zip(answer[0::3], answer[2::3], strict=False) if value not in _INERT)
    start = len(os.fsencode(prefix)) + 1 if prefix else 0
    return [os.fsdecode(path[start:]) for path in found]


def _as_added(repository: Repository, paths: Iterable[str], scratch: Path) -> dict[str, str]:
    """Add files to an index of our own, which begins as what is committed, as git's rules for line ends ask for."""
    index = {"GIT_INDEX_FILE": str(scratch / "index-of-converted")}
    head = repository.head
    repository.git.run("read-tree", *([head] if head else ["--empty"]), environment=index)
    wanted = b"".join(os.fsencode(path) + b"\0" for path in paths)
    repository.git.run("update-index", "--add", "--replace", "-z", "--stdin", given=wanted, environment=index)
    entries = repository.git.run("ls-files", "--stage", "-z", environment=index).split(b"\0")
    return {os.fsdecode(entry.split(b"\t", 1)[1]): entry.split()[1].decode() for entry in entries if entry}


def _join(prefix: str, path: str) -> str:
    return f"{prefix}/{path}" if prefix else path
