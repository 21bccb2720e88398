"""What differs between two trees of a repository, path by path."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from dws_git.listing import Item, above
from dws_git.refs import is_id
from dws_git.repository import Repository

_NOTHING = "000000"


class Difference(NamedTuple):
    """What lies at a path in the one tree and in the other; None is nothing."""

    old: Item | None
    new: Item | None


Differences: TypeAlias = dict[str, Difference]


def differences(repository: Repository, old: str, new: str, *paths: str) -> Differences:
    """Compare two trees or commits, as a whole or below some paths."""
    if old == new:
        return {}
    question = ("diff-tree", "-r", "-z", "--no-renames", "--ignore-submodules=none", old, new, "--", *paths)
    ended = repository.git.fact(*question) if is_id(old) and is_id(new) else None
    output = repository.git.run(*question) if ended is None or ended.status else ended.output
    fields = iter(output.split(b"\0")[:-1])
    found: Differences = {}
    for facts in fields:
        old_mode, new_mode, old_id, new_id, _ = facts[1:].decode().split()
        path = os.fsdecode(next(fields))
        found[path] = Difference(_item(old_mode, old_id), _item(new_mode, new_id))
    return found


def clash(files: Iterable[str], others: Iterable[str]) -> str | None:
    """Find a path that is to be a file and at the same time a directory for another; None where there is none."""
    first, second = set(files), set(others)
    inside = {each for path in second for each in above(path)} & first
    around = {each for path in first for each in above(path)} & second
    return min(inside | around, default=None)


def news(differing: Mapping[str, Difference]) -> set[str]:
    """Name what only the second tree has."""
    return {path for path, each in differing.items() if each.old is None}


def _item(mode: str, identity: str) -> Item | None:
    return None if mode == _NOTHING else Item(mode, identity)
