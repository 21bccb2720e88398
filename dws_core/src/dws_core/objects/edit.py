"""A new tree made of a stored one, touching no file."""

import os
from collections.abc import Mapping

from dws_core.errors import EntryTakenError, FileAccessError
from dws_core.model.names import check_relative
from dws_core.objects.branch import StoredBranch
from dws_core.objects.contents import Contents
from dws_core.objects.tree import DIRECTORY, FILE, Node, encode


class _Draft:
    """One directory being edited; those in it become drafts once they are entered."""

    def __init__(self, stored: StoredBranch | None = None) -> None:
        nodes = stored.nodes() if stored is not None else []
        self._stored = stored
        self._entries: dict[bytes, Node | _Draft] = {node.name: node for node in nodes}
        self._places = {node.name: index for index, node in enumerate(nodes)}

    def enter(self, name: bytes, path: str, *, create: bool) -> "_Draft":
        found = self._entries.get(name)
        if isinstance(found, _Draft):
            return found
        if found is None and create:
            draft = _Draft()
        elif found is None:
            raise FileAccessError(path, FileNotFoundError(2, "No such file or directory"))
        elif found.kind != DIRECTORY or self._stored is None:
            raise EntryTakenError(path)
        else:
            draft = _Draft(self._stored.child(self._places[name], found))
        self._entries[name] = draft
        return draft

    def take(self, name: bytes, path: str) -> "Node | _Draft":
        if name not in self._entries:
            raise FileAccessError(path, FileNotFoundError(2, "No such file or directory"))
        return self._entries.pop(name)

    def put(self, name: bytes, path: str, thing: "Node | _Draft") -> None:
        if name in self._entries:
            raise EntryTakenError(path)
        self._entries[name] = thing._replace(name=name) if isinstance(thing, Node) else thing

    def write(self, contents: Contents) -> bytes:
        """Store it, innermost directories first, and answer the tree's id."""
        nodes = [
            entry if isinstance(entry, Node) else Node(name, DIRECTORY, 0, entry.write(contents))
            for name, entry in sorted(self._entries.items(), key=lambda each: each[0])
        ]
        return contents.add(encode(nodes))


def edit(contents: Contents, tree: StoredBranch, moves: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    """Move entries (`old: new`), then add files; EntryTakenError where something is there already."""
    top = _Draft(tree)
    taken = [(new, _parent(top, old, create=False).take(_name(old), old)) for old, new in moves.items()]
    for new, thing in taken:
        _parent(top, new, create=True).put(_name(new), new, thing)
    for path, content in files.items():
        node = Node(_name(path), FILE, len(content), contents.add(content))
        _parent(top, path, create=True).put(node.name, path, node)
    return top.write(contents)


def _parent(top: _Draft, path: str, *, create: bool) -> _Draft:
    place = top
    for name in check_relative(path).split("/")[:-1]:
        place = place.enter(os.fsencode(name), path, create=create)
    return place


def _name(path: str) -> bytes:
    return os.fsencode(path.rpartition("/")[2])
