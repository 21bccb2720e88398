"""What differs between two trees, looking only where their ids differ."""

from collections.abc import Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from dws_core.model.changes import Changes
from dws_core.objects.branch import Branch, join
from dws_core.objects.tree import DIRECTORY, Node

Old = TypeVar("Old", bound=Branch)
New = TypeVar("New", bound=Branch)
Any = TypeVar("Any", bound=Branch)


class Found(NamedTuple, Generic[Any]):
    """A node where it was found: the directory that holds it, and its place there."""

    holder: Any
    place: int
    node: Node

    def enter(self) -> Any:
        """The directory that the node is."""
        return self.holder.child(self.place, self.node)


class Difference(NamedTuple, Generic[Old, New]):
    """A path at which two trees differ; one side may have nothing there. Of two directories only what differs below is told."""

    path: str
    old: Found[Old] | None
    new: Found[New] | None


def differences(old: Old | None, new: New | None, path: str = "") -> Iterator[Difference[Old, New]]:
    """Yield where two directories differ; a directory on one side only is told as a whole."""
    for name, before, after in _same_names(old, new) or _any_names(old, new):
        if before is not None and after is not None and before.node.kind == DIRECTORY == after.node.kind:
            yield from differences(before.enter(), after.enter(), join(path, name))
        else:
            yield Difference(join(path, name), before, after)


def _same_names(old: Old | None, new: New | None) -> list[tuple[bytes, Found[Old] | None, Found[New] | None]]:
    """Find quickly what differs between two directories that hold the same names; empty where there is no quick way."""
    if old is None or new is None:
        return []
    if (encoded := old.encoded()) is not None and (stored := new.differing(encoded)) is not None:
        return [(node.name, Found(old, place, old.node(place)), Found(new, place, node)) for place, node in stored]
    if (encoded := new.encoded()) is not None and (stored := old.differing(encoded)) is not None:
        return [(node.name, Found(old, place, node), Found(new, place, new.node(place))) for place, node in stored]
    return []


def _any_names(old: Old | None, new: New | None) -> Iterator[tuple[bytes, Found[Old] | None, Found[New] | None]]:
    olds = {each.node: each for each in _each(old)}
    news = {each.node: each for each in _each(new)}
    before = {node.name: found for node, found in olds.items() if node not in news}
    after = {node.name: found for node, found in news.items() if node not in olds}
    for name in sorted({*before, *after}):
        yield name, before.get(name), after.get(name)


def changes(old: Branch | None, new: Branch | None) -> Changes:
    """Tell what differs in files, symlinks and empty directories."""
    found = list(differences(old, new))
    return changes_of(
        leaves_at((path, before) for path, before, _ in found if before is not None),
        leaves_at((path, after) for path, _, after in found if after is not None),
    )


def changes_of(gone: Iterable[str], come: Iterable[str]) -> Changes:
    """Tell the changes that come of the paths of what is no longer there and of what is there instead."""
    removed, added = set(gone), set(come)
    changed = added & removed
    return Changes(tuple(sorted(added - changed)), tuple(sorted(removed - changed)), tuple(sorted(changed)))


def leaves_at(found: Iterable[tuple[str, Found[Any]]]) -> Iterator[str]:
    """Yield the paths of all files, symlinks and empty directories in what lies at these paths."""
    for path, each in found:
        yield from leaves(each, path)


def leaves(found: Found[Any], path: str) -> Iterator[str]:
    """Yield the paths of all files, symlinks and empty directories that a node is or holds."""
    waiting = [(found, path)]
    while waiting:
        each, place = waiting.pop()
        if each.node.kind != DIRECTORY:
            yield place
            continue
        inside = each.enter()
        nodes = inside.nodes()
        if not nodes:
            yield place
        waiting += [(Found(inside, index, node), join(place, node.name)) for index, node in enumerate(nodes)]


def _each(branch: Any | None) -> Iterator[Found[Any]]:
    if branch is not None:
        for index, node in enumerate(branch.nodes()):
            yield Found(branch, index, node)
