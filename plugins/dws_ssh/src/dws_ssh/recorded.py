"""What a recorded version holds, as it is compared with what lies on the server."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from dws_core.errors import MissingObjectError
from dws_core.model.version import Version, is_object_id
from dws_core.plugin import Entry, EntryKind, Objects
from dws_ssh.memory import Memory
from dws_ssh.picture import Picture, Seen, identity

BLOCKS_ABOVE = 64 * 1024 * 1024
"""The size above which a file's object is not named by the hash of the whole."""
_PART = 1024 * 1024


def version_of(picture: Picture, tree: str) -> Version:
    """Make the version of what a stored tree holds."""
    return Version(identity(picture), {"tree": tree})


def tree_of(version: Version) -> str:
    """Answer the tree that holds a version's content; MissingObjectError where its record names none."""
    tree = version.data.get("tree")
    if not isinstance(tree, str) or not is_object_id(tree):
        raise MissingObjectError(f"the tree of the version {version.short}")
    return tree


def picture_of_tree(objects: Objects, tree: str, memory: Memory) -> Picture:
    """Tell what a stored tree holds; the content of a large file is read once, since its object has another id than its sum."""
    return picture_of_entries(objects.entries(tree), lambda entry: objects.open(tree, entry.path), memory)


def picture_of_entries(entries: Iterable[Entry], source: Callable[[Entry], BinaryIO], memory: Memory) -> Picture:
    """Tell what all the entries of a directory come to; `source` opens a large file, of which only its object's id is known."""
    picture: dict[str, Seen] = {}
    for entry in entries:
        picture.pop(entry.path.rpartition("/")[0], None)
        if entry.kind is EntryKind.DIRECTORY:
            picture[entry.path] = Seen(entry.kind, "", 0)
        else:
            picture[entry.path] = Seen(entry.kind, _sum(entry, source, memory), entry.size)
    return picture


def stored_sums(objects: Objects, trees: Iterable[str], memory: Memory) -> Iterator[tuple[str, Entry]]:
    """Yield the files in these trees whose content is in this clone, with their sums, as far as those are known."""
    for tree in trees:
        try:
            lacking = {*objects.missing(tree)}
            for entry in objects.entries(tree):
                sum_ = entry.id if entry.size <= BLOCKS_ABOVE else memory.sum_of_object(entry.id)
                if sum_ and entry.kind is not EntryKind.DIRECTORY and entry.path not in lacking:
                    yield sum_, entry
        except MissingObjectError:  # what nobody needed any more was removed
            continue


def remember_sum(memory: Memory, entry: Entry, sum_: str) -> None:
    """Remember the sum of a large file, which its object's id does not tell."""
    if entry.size > BLOCKS_ABOVE:
        memory.remember_object(entry.id, sum_)


def _sum(entry: Entry, source: Callable[[Entry], BinaryIO], memory: Memory) -> str:
    if entry.size <= BLOCKS_ABOVE or entry.kind is EntryKind.SYMLINK:
        return entry.id
    known = memory.sum_of_object(entry.id)
    if known is None:
        digest = hashlib.sha256()
        with source(entry) as content:
            while part := content.read(_PART):
                digest.update(part)
        known = digest.hexdigest()
        memory.remember_object(entry.id, known)
        memory.save()
    return known
