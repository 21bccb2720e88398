"""What a restore has to do, found out before anything is done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeAlias

from dws_core.model.changes import Changes
from dws_core.objects.branch import StoredBranch, join
from dws_core.objects.compare import Found, changes_of, differences, leaves_at
from dws_core.objects.picture import FoundDirectory
from dws_core.objects.tree import DIRECTORY, EXECUTABLE, FILE, Node

Old: TypeAlias = Found[FoundDirectory]
New: TypeAlias = Found[StoredBranch]


@dataclass
class Steps:
    """Paths to remove, to make, to replace and to give another mode, with what is there and what is to be there."""

    removals: list[tuple[str, Old]] = field(default_factory=list)
    creations: list[tuple[str, New]] = field(default_factory=list)
    replacements: list[tuple[str, Old]] = field(default_factory=list)
    modes: list[tuple[str, Old, Node]] = field(default_factory=list)

    def is_nothing(self) -> bool:
        return not (self.creations or self.removals or self.modes)

    def changes(self) -> Changes:
        """Tell which paths differ."""
        same = [path for path, _, _ in self.modes]
        return changes_of(
            chain(same, leaves_at(self.removals), leaves_at(self.replacements)), chain(same, leaves_at(self.creations))
        )

    def contents(self) -> Iterator[tuple[str, Node]]:
        """Yield every file and symlink whose content is to be written."""
        for path, new in self.creations:
            yield from _contents(path, new)


def find_steps(current: FoundDirectory | None, target: StoredBranch, *, remove: bool) -> Steps:
    """Compare what is there with what is to be there; without `remove`, what only is there stays."""
    steps = Steps()
    for path, old, new in differences(current, target):
        if old is None:
            assert new is not None
            steps.creations.append((path, new))
        elif new is None:
            if remove:
                steps.removals.append((path, old))
        elif DIRECTORY in (old.node.kind, new.node.kind):
            steps.removals.append((path, old))
            steps.creations.append((path, new))
        elif old.node.id == new.node.id and {old.node.kind, new.node.kind} == {FILE, EXECUTABLE}:
            steps.modes.append((path, old, new.node))
        else:
            steps.replacements.append((path, old))
            steps.creations.append((path, new))
    return steps


def _contents(path: str, new: New) -> Iterator[tuple[str, Node]]:
    if new.node.kind != DIRECTORY:
        yield path, new.node
        return
    inside = new.enter()
    for index, node in enumerate(inside.nodes()):
        yield from _contents(join(path, node.name), Found(inside, index, node))
