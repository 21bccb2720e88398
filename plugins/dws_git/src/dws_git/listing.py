"""What a directory holds, path by path, as git names content; and the one id of all of it."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from dws_core.model.changes import Changes
from dws_core.plugin.objects import EntryKind

FILE, EXECUTABLE, SYMLINK, DIRECTORY, SUBMODULE = "100644", "100755", "120000", "040000", "160000"


class Item(NamedTuple):
    """Something at a path: its mode as git writes it, and the id of its bytes ("" for an empty directory)."""

    mode: str
    id: str


class Stage(NamedTuple):
    """One side of a file in conflict, as git's index keeps it: "1" is what both began with, "2" ours, "3" theirs."""

    path: str
    item: Item
    number: str


Listing: TypeAlias = dict[str, Item]

KINDS = {
    FILE: EntryKind.FILE,
    EXECUTABLE: EntryKind.EXECUTABLE,
    SYMLINK: EntryKind.SYMLINK,
    DIRECTORY: EntryKind.DIRECTORY,
    SUBMODULE: EntryKind.DIRECTORY,
}


def blob_id(content: bytes, algorithm: str) -> str:
    """The id that git gives to these bytes."""
    return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def tree_id(listing: Mapping[str, Item], algorithm: str) -> str:
    """The id that git gives to a tree of these; an empty directory counts as an empty tree, which git's index cannot hold."""
    root: dict[str, Any] = {}
    for path, item in listing.items():
        node = root
        *parents, name = path.split("/")
        for parent in parents:
            node = node.setdefault(parent, {})
        node[name] = {} if item.mode == DIRECTORY else item
    return _hash_tree(root, lambda content: hashlib.new(algorithm, content, usedforsecurity=False)).hex()


def _hash_tree(node: Mapping[str, Any], new: Callable[[bytes], Any]) -> bytes:
    entries = []
    for name, held in node.items():
        encoded = os.fsencode(name)
        if isinstance(held, Item):
            entries.append((encoded, held.mode.encode() + b" " + encoded + b"\0" + bytes.fromhex(held.id)))
        else:
            entries.append((encoded + b"/", b"40000 " + encoded + b"\0" + _hash_tree(held, new)))
    content = b"".join(entry for _, entry in sorted(entries))
    found: bytes = new(b"tree %d\0" % len(content) + content).digest()
    return found


def ancestors(path: str) -> Iterator[str]:
    """The directories that lead to a path, the topmost first."""
    position = path.find("/")
    while position >= 0:
        yield path[:position]
        position = path.find("/", position + 1)


def compare(old: Mapping[str, Item], new: Mapping[str, Item]) -> Changes:
    """Tell what differs between two listings."""
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(path for path, item in new.items() if old.get(path, item) != item)),
    )


def below(listing: Mapping[str, Item], path: str) -> Listing:
    """What lies below a path, named from there; a file is found as the empty path. FileNotFoundError if there is nothing."""
    if path in listing:
        item = listing[path]
        return {} if item.mode == DIRECTORY else {"": item}
    found = {name[len(path) + 1 :]: item for name, item in listing.items() if name.startswith(path + "/")}
    if not found:
        raise FileNotFoundError(path)
    return found


def renamed(listing: Mapping[str, Item], moves: Mapping[str, str]) -> Listing:
    """The listing after its top-level entries `old: new` have moved."""
    found = {}
    for path, item in listing.items():
        top, slash, rest = path.partition("/")
        found[moves.get(top, top) + slash + rest] = item
    return found


def tops(listing: Iterable[str]) -> set[str]:
    """The top-level names of a listing."""
    return {path.split("/", 1)[0] for path in listing}


def above(path: str) -> Iterator[str]:
    """The directories that hold a path, outermost first."""
    position = path.find("/")
    while position >= 0:
        yield path[:position]
        position = path.find("/", position + 1)
