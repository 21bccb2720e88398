"""What differs between two states of a bucket: both are read in order, and what they share is not read at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dws_core.model.changes import Changes
from dws_s3.keys import text_of
from dws_s3.manifest import Manifest
from dws_s3.page import NULL
from dws_s3.rows import Row

Copies = Mapping[tuple[bytes, str], str]
"""Versions that are known to be copies of others of the same key: `(key, id)` with the id of the original."""

_PLAIN = re.compile(r"[0-9a-f]{32}")
_STRONG = "sha256:"


@dataclass(frozen=True)
class Difference:
    """A key whose content differs: without `old` it was added, without `new` removed."""

    key: bytes
    old: Row | None
    new: Row | None


def compare(old: Manifest | None, new: Manifest | None, copies: Copies | None = None) -> Iterator[Difference]:
    """Yield what differs between two manifests, in the order of the keys; None is an empty one.

    A chunk that both have is not read: its keys lie in no other chunk of either.
    """
    shared = old.chunk_ids() & new.chunk_ids() if old and new else frozenset()
    return compare_rows(old.rows(without=shared) if old else (), new.rows(without=shared) if new else (), copies)


def compare_rows(old: Iterable[Row], new: Iterable[Row], copies: Copies | None = None) -> Iterator[Difference]:
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
            if not is_equal(before, after, copies or {}):
                yield Difference(after.key, before, after)
            before, after = next(olds, None), next(news, None)


def is_equal(old: Row, new: Row, copies: Copies) -> bool:
    """Tell whether two rows of one key hold the same content, as far as their ids and checksums tell."""
    if _original(old, copies) == _original(new, copies) and NULL not in (old.version, new.version):
        return True
    if _is_strong(old.checksum) and _is_strong(new.checksum):
        return old.checksum == new.checksum
    return old.size == new.size and old.etag == new.etag and bool(_PLAIN.fullmatch(old.etag))


def changes(differences: Iterable[Difference], prefix: bytes = b"") -> Changes:
    """Sum up differences; paths are the keys without the prefix."""
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    size = 0
    for each in differences:
        paths = found[0] if each.old is None else found[1] if each.new is None else found[2]
        paths.append(text_of(each.key.removeprefix(prefix)))
        size += each.new.size if each.new else 0
    added, removed, changed = (tuple(sorted(paths)) for paths in found)
    return Changes(added, removed, changed, size)


def _original(row: Row, copies: Copies) -> str:
    """Follow copies of copies to the first."""
    version, followed = row.version, {row.version}
    while (known := copies.get((row.key, version))) is not None and known not in followed:
        version = known
        followed.add(known)
    return version


def _is_strong(checksum: str | None) -> bool:
    return checksum is not None and checksum.startswith(_STRONG)
