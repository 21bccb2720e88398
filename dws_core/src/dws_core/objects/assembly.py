"""A tree put together from entries whose objects are stored already."""

import os
from collections.abc import Callable, Iterable

from dws_core.errors import EntrySizeError, EntryTakenError, MissingObjectError, PathRefusedError, UnsupportedFileError
from dws_core.model.names import check_relative
from dws_core.objects.blocks import listed_size
from dws_core.objects.contents import Contents
from dws_core.objects.files import is_here
from dws_core.objects.layout import BLOCKS_ABOVE, MAX_DEPTH
from dws_core.objects.picture import NO_ID
from dws_core.objects.tree import DIRECTORY, KINDS, NODE, TREE_HEADER, Node, encode_node, raw_id
from dws_core.plugin.objects import Entry, EntryKind

_CODES = {kind: code for code, kind in KINDS.items()}
_PATH_END = b"\0\0"
_ROW_END = NODE.size
_KEY_END = NODE.size + len(_PATH_END)


def sort_backwards(entries: Iterable[Entry]) -> list[bytes]:
    """Check the paths of entries, and write each as a row of bytes, the last one first.

    A row is the path with NUL for `/`, two NULs, and what stands before the name in its tree. So what lies in a directory
    follows it at once, in the order of a tree, and a million rows take little memory.
    """
    return sorted(map(_row, entries), reverse=True)


def assemble(contents: Contents, rows: list[bytes]) -> bytes:
    """Store the trees of sorted rows within `writing`, using the rows up, and answer the id of the top."""
    _check_objects(contents, rows)
    return put_together(rows, contents.add)


def put_together(rows: list[bytes], add: Callable[[bytearray], bytes]) -> bytes:
    """Make trees of sorted rows, using the rows up; `add` is called with each tree, and answers its id."""
    trees = _OpenTrees(add)
    before, below = b"", b"\0"
    while rows:
        row = rows.pop()
        key, head = row[:-_KEY_END], row[-_ROW_END:]
        if key == before or key.startswith(below):
            raise EntryTakenError(_path(row))
        before = key
        if head[0] == DIRECTORY:
            trees.enter(key)
            continue
        below = key + b"\0"
        directory, _, name = key.rpartition(b"\0")
        trees.enter(directory)
        trees.add(head + name)
    return trees.finish()


class _OpenTrees:
    """The directories from the top to where the next entry lies, each written as far as it is known."""

    def __init__(self, add: Callable[[bytearray], bytes]) -> None:
        self._add = add
        self._key = b""
        self._names: list[bytes] = []
        self._trees = [bytearray(TREE_HEADER)]

    def enter(self, key: bytes) -> None:
        """Finish those that this directory does not lie in, and begin those on the way to it."""
        if key == self._key:
            return
        names = key.split(b"\0") if key else []
        while self._names != names[: len(self._names)]:
            self._leave()
        for name in names[len(self._names) :]:
            self._names.append(name)
            self._trees.append(bytearray(TREE_HEADER))
        self._key = key

    def add(self, node: bytes) -> None:
        self._trees[-1] += node

    def finish(self) -> bytes:
        """Finish what is left, and answer the id of the top."""
        self.enter(b"")
        return self._add(self._trees.pop())

    def _leave(self) -> None:
        identity = self._add(self._trees.pop())
        self.add(encode_node(Node(self._names.pop(), DIRECTORY, 0, identity)))


def _row(entry: Entry) -> bytes:
    path = _checked(entry)
    length = len(path) - path.rfind(b"/") - 1
    if entry.kind == EntryKind.DIRECTORY:
        head = NODE.pack(DIRECTORY, 0, NO_ID, length)
    else:
        head = NODE.pack(_CODES[entry.kind], entry.size, raw_id(entry.id), length)
    return path.replace(b"/", b"\0") + _PATH_END + head


def _checked(entry: Entry) -> bytes:
    path = entry.path
    if not path:
        raise PathRefusedError(".", "it is the whole, and no part of it")
    if path.count("/") + (entry.kind == EntryKind.DIRECTORY) > MAX_DEPTH:
        raise UnsupportedFileError(path, f"directory nested more than {MAX_DEPTH} deep")
    try:
        return os.fsencode(check_relative(path))
    except UnicodeEncodeError as error:
        raise PathRefusedError(ascii(path), "no file can have such a name") from error


def _check_objects(contents: Contents, rows: list[bytes]) -> None:
    """Raise an error unless all that is named is there; what lies aside alone is stored again, as for any writer."""
    known = contents.known
    for row in reversed(rows):
        kind, size, identity, _ = NODE.unpack(row[-_ROW_END:])
        if kind == DIRECTORY:
            continue
        stored = contents.length(identity)
        if stored is None:
            raise MissingObjectError(_path(row))
        if identity not in known:
            contents.add(contents.read(identity, _path(row)))
        if size > BLOCKS_ABOVE:
            stored = listed_size(contents.read(identity, _path(row)))
        if stored != size:
            raise EntrySizeError(_path(row), size)
        if size > BLOCKS_ABOVE and not is_here(contents, identity, size):
            raise MissingObjectError(_path(row))


def _path(row: bytes) -> str:
    return os.fsdecode(row[:-_KEY_END].replace(b"\0", b"/"))
