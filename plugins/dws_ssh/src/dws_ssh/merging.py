"""Two sides that went on from what they had in common: what each changed, and where they contradict each other."""

from collections.abc import Sequence

from dws_ssh.picture import Picture


def merge(common: Picture | None, here: Picture, there: Picture) -> tuple[Picture, Sequence[str]]:
    """Answer what both sides together come to, and the paths at which they contradict each other."""
    base = common or {}
    merged = dict(here)
    conflicts = []
    for path in {*base, *here, *there}:
        was, ours, theirs = base.get(path), here.get(path), there.get(path)
        if _same(ours, theirs) or _same(was, theirs):
            continue
        if not _same(was, ours):
            conflicts.append(path)
        elif theirs is None:
            merged.pop(path, None)
        else:
            merged[path] = theirs
    return merged, sorted({*conflicts, *_overlapping(merged)})


def foreign(common: Picture | None, sending: Picture, here: Picture, there: Picture) -> Sequence[str]:
    """Name what is on the other side and was neither agreed on, nor sent, nor is it here: somebody else's change."""
    base = common or {}
    known = (base, sending, here)
    return sorted(path for path in {*base, *here, *there} if not any(_same(each.get(path), there.get(path)) for each in known))


def _same(one: object, other: object) -> bool:
    left, right = (each[:2] if isinstance(each, tuple) else None for each in (one, other))
    return left == right


def _overlapping(merged: Picture) -> Sequence[str]:
    """Name what stands where something else needs a directory."""
    found = []
    for path in merged:
        above = path.rpartition("/")[0]
        while above:
            if above in merged and merged[above].sum:
                found.append(above)
            above = above.rpartition("/")[0]
    return found
