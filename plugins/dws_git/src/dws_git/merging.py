"""Two histories made one: the tree that holds both, and where they contradict each other."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dws_git.differing import Differences, clash, differences, news
from dws_git.listing import Item, Stage
from dws_git.metadata import METADATA, additions, is_metadata
from dws_git.repository import Repository
from dws_git.trees import edit_tree

_STAGED = re.compile(rb"([0-7]{6}) ([0-9a-f]+) ([123])\t(.+)", re.DOTALL)


@dataclass(frozen=True)
class Merged:
    """What comes of HEAD and another commit.

    `tree` holds all of both. Where files contradict each other it has both sides in them, `conflicts` lists the sides, and
    `records` is HEAD's tree with the records of both. Where git does not tell what comes of them (before 2.38), `tree` is "".
    `changes` is what HEAD's tree becomes first: that with the records of both where files contradict, else the one with all.
    """

    tree: str
    changes: Differences
    records: str = ""
    contradicting: tuple[str, ...] = ()
    conflicts: tuple[Stage, ...] = ()


def merge_trees(repository: Repository, head: str, tip: str, bases: Sequence[str], scratch: Path) -> Merged:
    """Work out what merging two commits comes to; nothing of the working tree is looked at."""
    records = additions(repository, head, tip, bases[0])
    changes = [(_beside(differences(repository, base, head)), _beside(differences(repository, base, tip))) for base in bases]
    taken = [_taken(ours, theirs) for ours, theirs in changes]
    if taken[0] is not None and all(each == taken[0] for each in taken):
        return _united(repository, head, tip, {**records, **taken[0]}, scratch)
    with_records = edit_tree(repository, head, records, scratch)
    ended = repository.git.outcome("merge-tree", "--write-tree", "-z", "--no-messages", head, tip)
    tree, *listed = ended.output.split(b"\0")
    stages = tuple(_stage(line) for line in listed if _STAGED.fullmatch(line))
    if ended.status not in (0, 1) or (ended.status and not stages):
        theirs = {path for _, each in changes for path in each}
        both = {path for each, _ in changes for path in each} & theirs
        return Merged("", differences(repository, head, with_records), with_records, tuple(sorted(both or theirs)))
    conflicts = tuple(stage for stage in stages if not is_metadata(stage.path))
    merged = _with_metadata_of(repository, tree.decode().strip(), with_records, scratch)
    if not conflicts:
        return Merged(merged, differences(repository, head, merged))
    first = differences(repository, head, with_records)
    return Merged(merged, first, with_records, tuple(dict.fromkeys(stage.path for stage in conflicts)), conflicts)


def _united(repository: Repository, head: str, tip: str, wanted: Mapping[str, Item | None], scratch: Path) -> Merged:
    """Let HEAD's tree become what it is at `tip` at these paths, which are all that changes."""
    between = differences(repository, head, tip)
    changes = {path: between[path] for path in wanted}
    tree = repository.tree_of(tip) if changes == between else edit_tree(repository, head, wanted, scratch)
    return Merged(tree, changes)


def _beside(differing: Differences) -> Differences:
    return {path: each for path, each in differing.items() if not is_metadata(path)}


def _taken(ours: Differences, theirs: Differences) -> Mapping[str, Item | None] | None:
    """Say what changes where each path was changed on one side only, or on both alike; None if that is not all."""
    fresh = {path: each.new for path, each in theirs.items() if path not in ours}
    alike = all(ours[path].new == each.new for path, each in theirs.items() if path in ours)
    if not alike or clash(news(ours), [path for path, item in fresh.items() if item]) or clash(news(theirs), _kept(ours)):
        return None
    return fresh


def _kept(ours: Differences) -> list[str]:
    return [path for path, each in ours.items() if each.new is not None]


def _stage(line: bytes) -> Stage:
    found = _STAGED.fullmatch(line)
    assert found, "only such lines are given"
    return Stage(os.fsdecode(found[4]), Item(found[1].decode(), found[2].decode()), found[3].decode())


def _with_metadata_of(repository: Repository, tree: str, other: str, scratch: Path) -> str:
    changes = {path: each.new for path, each in differences(repository, tree, other, METADATA).items()}
    return edit_tree(repository, tree, changes, scratch)
