"""A tree: one directory as bytes, the same bytes for the same content, and safe to read from a stranger."""

import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import add, lt
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
NODE = struct.Struct(">BQ32sH")
"""What stands before a name in a tree: its kind, size and id, and how many bytes the name has."""

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
    return join_nodes(map(encode_node, nodes))


def encode_node(node: Node) -> bytes:
    """Write one node as it stands in a tree."""
    name, kind, size, identity = node
    return NODE.pack(kind, size, identity, len(name)) + name


def encode_each(names: Sequence[bytes], kinds: Iterable[int], sizes: Iterable[int], ids: Iterable[bytes]) -> list[bytes]:
    """Write the nodes of a tree, each by itself, from columns; quick, since there may be millions."""
    return [*map(add, map(NODE.pack, kinds, sizes, ids, map(len, names)), names)]


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
        if part[NODE.size - 2 :] != encoded[place][NODE.size - 2 :]:
            return None
        found.append((place, decode(TREE_HEADER + part, tree)[0]))
    return found


def decode(data: bytes, tree: str) -> list[Node]:
    """Read a tree; UnsafeTreeError where it is none that `encode` could have written, or names what no tree may hold."""
    return [*map(Node, *decode_columns(data, tree))]


def decode_columns(data: bytes, tree: str) -> tuple[list[bytes], list[int], list[int], list[bytes]]:
    """The same as columns: names, kinds, sizes, ids. Quick, since there may be millions."""
    if not data.startswith(TREE_HEADER):
        raise UnsafeTreeError(tree, "it is no tree")
    names: list[bytes] = []
    kinds: list[int] = []
    sizes: list[int] = []
    ids: list[bytes] = []
    unpack, start, place, end = NODE.unpack_from, NODE.size, len(TREE_HEADER), len(data)
    while place < end:
        if end - place < start:
            raise UnsafeTreeError(tree, "it ends in the middle")
        kind, size, identity, length = unpack(data, place)
        place += start + length
        names.append(data[place - length : place])
        kinds.append(kind)
        sizes.append(size)
        ids.append(identity)
    if place != end or not KINDS.keys() >= set(kinds):
        raise UnsafeTreeError(tree, "it ends in the middle, or holds a kind of thing that is not known")
    _check_names(names, tree)
    return names, kinds, sizes, ids


def _check_names(names: list[bytes], tree: str) -> None:
    """Raise an UnsafeTreeError unless these may be the names in one directory, in order."""
    joined = b"".join(names)
    if b"/" in joined or b"\0" in joined or not all(map(lt, [b"", *names], names)):
        before = b""
        for name in names:
            if name <= before or b"/" in name or b"\0" in name:
                raise _refused(name, tree)
            before = name
    for name in names:
        if name[0] in _SUSPECT and (name in (b".", b"..") or is_reserved_name(name)):
            raise _refused(name, tree)


def _refused(name: bytes, tree: str) -> UnsafeTreeError:
    return UnsafeTreeError(tree, f"it holds the name {name.decode('utf-8', 'backslashreplace')!r}")


def is_reserved_name(name: bytes) -> bool:
    """Tell whether a file system may take a name for `.git` or `.dataworkspace`; quick on all others."""
    first = name[0]
    if first not in _SUSPECT or (first in b"gGdD" and b"~" not in name):
        return False
    return is_reserved(name.decode("utf-8", "surrogateescape"))
