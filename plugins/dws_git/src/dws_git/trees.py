"""Trees in a git repository's store, made and read."""

import os
from collections.abc import Mapping
from pathlib import Path

from dws_core.errors import MissingObjectError
from dws_git.listing import DIRECTORY, Item, Listing
from dws_git.repository import Repository


def write_tree(repository: Repository, listing: Mapping[str, Item], scratch: Path) -> str:
    """Make a tree of stored files, symlinks and submodules; empty directories are left out."""
    index = {"GIT_INDEX_FILE": str(scratch / "index-of-tree")}
    (scratch / "index-of-tree").unlink(missing_ok=True)
    repository.git.run("update-index", "-z", "--index-info", given=index_lines(listing, repository.zero), environment=index)
    return repository.git.line("write-tree", environment=index)


def index_lines(listing: Mapping[str, Item | None], zero: str, prefix: str = "") -> bytes:
    """Say to `update-index --index-info` what is at each path; None takes the path out."""
    start = os.fsencode(prefix)
    lines = []
    for path, item in listing.items():
        if item is None:
            lines.append(f"0 {zero}\t".encode() + start + os.fsencode(path) + b"\0")
        elif item.mode != DIRECTORY:
            lines.append(f"{item.mode} {item.id}\t".encode() + start + os.fsencode(path) + b"\0")
    return b"".join(lines)


def edit_tree(repository: Repository, tree: str, changes: Mapping[str, Item | None], scratch: Path) -> str:
    """Make a tree that differs from another one in these paths; None takes a path out."""
    index = {"GIT_INDEX_FILE": str(scratch / "index-of-edited")}
    (scratch / "index-of-edited").unlink(missing_ok=True)
    repository.git.run("read-tree", tree, environment=index)
    removed = {path: None for path, item in changes.items() if item is None}
    lines = index_lines(removed, repository.zero) + index_lines(
        {path: item for path, item in changes.items() if item is not None}, repository.zero
    )
    if lines:
        repository.git.run("update-index", "--replace", "-z", "--index-info", given=lines, environment=index)
    return repository.git.line("write-tree", environment=index)


def read_tree(repository: Repository, tree: str) -> Listing:
    """List a tree or commit; MissingObjectError if it, or a tree in it, is not there."""
    found = repository.git.ask("ls-tree", "-r", "-z", "--full-tree", tree)
    if found is None:
        raise MissingObjectError(f"the git tree {tree} of {repository.top}")
    return dict(map(_entry, filter(None, found.split(b"\0"))))


def _entry(line: bytes) -> tuple[str, Item]:
    facts, _, path = line.partition(b"\t")
    mode, _, identity = facts.decode().split()
    return os.fsdecode(path), Item(mode, identity)
