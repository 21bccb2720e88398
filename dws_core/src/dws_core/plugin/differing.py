"""What differs between two manifests: both are read in order, and what they share is not read at all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import eq
from typing import Generic

from dws_core.model.changes import Changes
from dws_core.plugin.manifest import Manifest
from dws_core.plugin.rows import R, text_of


@dataclass(frozen=True)
class Difference(Generic[R]):
    """A key whose content differs: without `old` it was added, without `new` removed."""

    key: bytes
    old: R | None
    new: R | None


def compare(old: Manifest[R] | None, new: Manifest[R] | None, is_equal: Callable[[R, R], bool] = eq) -> Iterator[Difference[R]]:
    """Yield what differs between two manifests, in the order of the keys; None is an empty one.

    A chunk that both have is not read: its keys lie in no other chunk of either.
    """
    shared = old.chunk_ids() & new.chunk_ids() if old and new else frozenset()
    return compare_rows(old.rows(without=shared) if old else (), new.rows(without=shared) if new else (), is_equal)


def compare_rows(old: Iterable[R], new: Iterable[R], is_equal: Callable[[R, R], bool] = eq) -> Iterator[Difference[R]]:
    """Yield what differs between rows in order and others in order."""
    olds, news = iter(old), iter(new)
    before, after = next(olds, None), next(news, None)
    while before or after:
        if after is None or (before is not None and before.key < after.key):
            assert before is not None
            yield Difference(before.key, before, None)
            before = next(olds, None)
        elif before is None or after.key < before.key:
            yield Difference(after.key, None, after)
            after = next(news, None)
        else:
            if not is_equal(before, after):
                yield Difference(after.key, before, after)
            before, after = next(olds, None), next(news, None)


def changes(differences: Iterable[Difference[R]], prefix: bytes = b"") -> Changes:
    """Sum up differences; paths are the keys without the prefix."""
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    size = 0
    for each in differences:
        paths = found[0] if each.old is None else found[1] if each.new is None else found[2]
        paths.append(text_of(each.key.removeprefix(prefix)))
        size += each.new.size if each.new else 0
    added, removed, changed = (tuple(sorted(paths)) for paths in found)
    return Changes(added, removed, changed, size)
