"""What differs between what lies in a bucket now and a recorded version, as changes and in bytes."""

from collections.abc import Iterable
from typing import TypeAlias

from dws_core.model.changes import Changes
from dws_core.plugin import Objects
from dws_s3.copied.picture import Picture
from dws_s3.keys import text_of

_SIDE = "SELECT 1 FROM {1} AS other WHERE other.path = {0}.path AND other.leaf"
_ALONE = f"SELECT path, size FROM {{0}} WHERE leaf AND NOT EXISTS ({_SIDE})"
_BOTH = (
    "SELECT now.path, now.size, recorded.size FROM now JOIN recorded USING (path) "
    "WHERE now.leaf AND recorded.leaf AND now.id IS NOT recorded.id"
)

Sizes: TypeAlias = dict[str, int]
"""The files and empty directories that differ, with their sizes on one side."""


def since(picture: Picture) -> Changes:
    """Tell what became of the recorded version until now."""
    recorded, now = _sides(picture)
    return _changes(recorded, now)


def until(picture: Picture) -> Changes:
    """Tell what is to become of what is there now, so that it is what was recorded."""
    recorded, now = _sides(picture)
    return _changes(now, recorded)


def compare(objects: Objects, old: str | None, new: str) -> Changes:
    """Tell what differs between two stored trees."""
    found = objects.compare(old, new)
    come = {*found.added, *found.changed}
    size = sum(each.size for each in objects.entries(new) if each.path in come) if come else 0
    return Changes(found.added, found.removed, found.changed, size)


def _sides(picture: Picture) -> tuple[Sizes, Sizes]:
    rows = picture.spool.rows
    both = list(rows(_BOTH))
    recorded = _sizes([*rows(_ALONE.format("recorded", "now")), *((path, size) for path, _, size in both)])
    now = _sizes([*rows(_ALONE.format("now", "recorded")), *((path, size) for path, size, _ in both)])
    return recorded, now


def _sizes(rows: Iterable[tuple[bytes, int]]) -> Sizes:
    return {text_of(path).removesuffix("/"): size for path, size in rows}


def _changes(old: Sizes, new: Sizes) -> Changes:
    added, removed, changed = new.keys() - old.keys(), old.keys() - new.keys(), new.keys() & old.keys()
    return Changes(tuple(sorted(added)), tuple(sorted(removed)), tuple(sorted(changed)), sum(new.values()))
