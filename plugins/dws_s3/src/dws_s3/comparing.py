"""What differs between two states of a bucket, as far as ids of versions and checksums tell."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from dws_core.plugin import differing
from dws_core.plugin.differing import Difference
from dws_s3.manifest import BucketManifest
from dws_s3.page import NULL
from dws_s3.rows import Row

Copies = Mapping[tuple[bytes, str], str]
"""Versions that are known to be copies of others of the same key: `(key, id)` with the id of the original."""

_PLAIN = re.compile(r"[0-9a-f]{32}")
_STRONG = "sha256:"


def compare(old: BucketManifest | None, new: BucketManifest | None, copies: Copies | None = None) -> Iterator[Difference[Row]]:
    """Yield what differs between two manifests, in the order of the keys; None is an empty one."""
    return differing.compare(old, new, partial(is_equal, copies=copies or {}))


def compare_rows(old: Iterable[Row], new: Iterable[Row], copies: Copies | None = None) -> Iterator[Difference[Row]]:
    """Yield what differs between rows in order and others in order."""
    return differing.compare_rows(old, new, partial(is_equal, copies=copies or {}))


def is_equal(old: Row, new: Row, copies: Copies) -> bool:
    """Tell whether two rows of one key hold the same content, as far as their ids and checksums tell.

    The id `null` alone proves nothing, since that version may be overwritten.
    """
    original = _original(old, copies)
    if original == _original(new, copies) and (original != NULL or (old.size, old.etag) == (new.size, new.etag)):
        return True
    if _is_strong(old.checksum) and _is_strong(new.checksum):
        return old.checksum == new.checksum
    return old.size == new.size and old.etag == new.etag and bool(_PLAIN.fullmatch(old.etag))


def _original(row: Row, copies: Copies) -> str:
    """Follow copies of copies to the first."""
    version, followed = row.version, {row.version}
    while (known := copies.get((row.key, version))) is not None and known not in followed:
        version = known
        followed.add(known)
    return version


def _is_strong(checksum: str | None) -> bool:
    return checksum is not None and checksum.startswith(_STRONG)
