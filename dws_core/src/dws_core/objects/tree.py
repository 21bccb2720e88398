"""A tree: one directory as bytes, the same bytes for the same content, and safe to read from a stranger."""

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import add
from typing import NamedTuple

from dws_core.errors import MissingObjectError, UnsafeTreeError
from dws_core.model.names import is_reserved
from dws_core.plugin.objects import EntryKind

FILE, EXECUTABLE, SYMLINK, DIRECTORY = 1, 2, 3, 4
KINDS = {
    FILE: EntryKind.FILE,
    EXECUTABLE: EntryKind.EXECUTABLE,
    SYMLINK: EntryKind.SYMLINK,
    DIRECTORY: EntryKind.DIRECTORY,
}

TREE_HEADER = b"dws-tree 1\n"
_NODE = struct.Struct(">BQ32sH")
_HEXADECIMAL = re.compile(r"[0-9a-f]{64}")
# The first bytes of every name that a file system may take for a reserved one: ".git", "GIT~1", and both after ignored marks.
_SUSPECT = frozenset(b".gGdD\xe2\xef")


class Node(NamedTuple):
    """One name in a tree, the kind of what it names, its size in bytes (0 of a directory) and the id of its content."""

    name: bytes
    kind: int
    size: int
    id: bytes


def object_id(content: bytes | bytearray | memoryview) -> bytes:
    return hashlib.sha256(content).digest()


def raw_id(text: str) -> bytes:
    """Take an id as people and records write it; MissingObjectError if it is none."""
    if not _HEXADECIMAL.fullmatch(text):
        raise MissingObjectError(f"the object {text[:80]!r}")
    return bytes.fromhex(text)


def encode(nodes: Iterable[Node]) -> bytes:
    """Write a tree of nodes that are sorted by name."""
    pack = _NODE.pack
    return join_nodes([pack(kind, size, identity, len(name)) + name for name, kind, size, identity in nodes])


def encode_each(names: Sequence[bytes], kinds: Iterable[int], sizes: Iterable[int], ids: Iterable[bytes]) -> list[bytes]:
    """Write the nodes of a tree, each by itself, from columns; quick, since there may be millions."""
    return [*map(add, map(_NODE.pack, kinds, sizes, ids, map(len, names)), names)]


def join_nodes(encoded: Iterable[bytes]) -> bytes:
    """Make a tree of nodes that are written, sorted by name."""
    return TREE_HEADER + b"".join(encoded)


def decode_differing(data: bytes, encoded: Sequence[bytes], tree: str) -> list[tuple[int, Node]] | None:
    """Read only those nodes of a tree that are not these, with their places; None unless both hold the very same names.

    That spares reading all of a large tree for the little that differs in it.
    """
    starts = [*accumulate(map(len, encoded), initial=len(TREE_HEADER))]
    if starts[-1] != len(data) or not data.startswith(TREE_HEADER):
        return None
    found: list[tuple[int, Node]] = []
    for place in [place for place, each in enumerate(encoded) if not data.startswith(each, starts[place])]:
        part = data[starts[place] : starts[place + 1]]
        if part[_NODE.size - 2 :] != encoded[place][_NODE.size - 2 :]:
            return None
        found.append((place, decode(TREE_HEADER + part, tree)[0]))
    return found


def decode(data: bytes, tree: str) -> list[Node]:
    """Read a tree; UnsafeTreeError where it is none that `encode` could have written, or names what no tree may hold."""
    if not data.startswith(TREE_HEADER):
        raise UnsafeTreeError(tree, "it is no tree")
    nodes: list[Node] = []
    place, end, before = len(TREE_HEADER), len(data), b""
    while place < end:
        if end - place < _NODE.size:
            raise UnsafeTreeError(tree, "it ends in the middle")
        kind, size, identity, length = _NODE.unpack_from(data, place)
        place += _NODE.size
        name = data[place : place + length]
        place += length
        if len(name) != length or kind not in KINDS:
            raise UnsafeTreeError(tree, "it ends in the middle, or holds a kind of thing that is not known")
        if name <= before or b"/" in name or b"\0" in name or name in (b".", b"..") or is_reserved_name(name):
            raise UnsafeTreeError(tree, f"it holds the name {name.decode('utf-8', 'backslashreplace')!r}")
        nodes.append(Node(name, kind, size, identity))
        before = name
    return nodes


def is_reserved_name(name: bytes) -> bool:
    """Tell whether a file system may take a name for `.git` or `.dataworkspace`; quick on all others."""
    first = name[0]
    if first not in _SUSPECT or (first in b"gGdD" and b"~" not in name):
        return False
    return is_reserved(name.decode("utf-8", "surrogateescape"))
