"""What a directory holds, as it is compared: each file, symlink and empty directory, with the SHA-256 of its bytes."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from dws_core.model.changes import Changes
from dws_core.plugin import EntryKind


class Seen(NamedTuple):
    """What lies at a path: its kind, the SHA-256 of its bytes (of a symlink: its target; "" of a directory), its size."""

    kind: EntryKind
    sum: str
    size: int


Picture: TypeAlias = Mapping[str, Seen]
"""All that a directory holds, by path; of directories only empty ones."""


def identity(picture: Picture) -> str:
    """Answer the id of a version that holds this: equal exactly when all content is equal."""
    digest = hashlib.sha256(b"dws-ssh 1\n")
    for path in sorted(picture, key=os.fsencode):
        seen = picture[path]
        digest.update(f"{seen.kind} {seen.sum} ".encode() + os.fsencode(path) + b"\0")
    return digest.hexdigest()


def identity_below(picture: Picture, path: str) -> str:
    """Answer the id of what lies at a path: of a file the SHA-256 of its content; FileNotFoundError."""
    if path in picture and picture[path].kind is not EntryKind.DIRECTORY:
        return picture[path].sum
    below = {each[len(path) + 1 :]: seen for each, seen in picture.items() if each.startswith(f"{path}/")}
    if not below and path not in picture:
        raise FileNotFoundError(path)
    return identity(below)


def changes(old: Picture, new: Picture) -> Changes:
    """Tell what differs, and how many bytes of it there are now."""
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    changed = {path for path in new.keys() & old.keys() if new[path][:2] != old[path][:2]}
    size = sum(new[path].size for path in added | changed)
    return Changes(_in_order(added), _in_order(removed), _in_order(changed), size)


def _in_order(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(paths))
