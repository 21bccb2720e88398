"""What differs between two trees, looking only where their ids differ."""

from collections.abc import Iterator
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
    olds = _by_name(old)
    news = _by_name(new)
    for name in sorted({*olds, *news}):
        before, after = olds.get(name), news.get(name)
        if before is not None and after is not None:
            if before.node == after.node:
                continue
            if before.node.kind == DIRECTORY == after.node.kind:
                yield from differences(before.enter(), after.enter(), join(path, name))
                continue
        yield Difference(join(path, name), before, after)


def changes(old: Branch | None, new: Branch | None) -> Changes:
    """Tell what differs in files, symlinks and empty directories."""
    added: set[str] = set()
    removed: set[str] = set()
    for path, before, after in differences(old, new):
        if before is not None:
            removed.update(leaves(before, path))
        if after is not None:
            added.update(leaves(after, path))
    changed = added & removed
    return Changes(tuple(sorted(added - changed)), tuple(sorted(removed - changed)), tuple(sorted(changed)))


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


def _by_name(branch: Any | None) -> dict[bytes, Found[Any]]:
    if branch is None:
        return {}
    return {node.name: Found(branch, index, node) for index, node in enumerate(branch.nodes())}
