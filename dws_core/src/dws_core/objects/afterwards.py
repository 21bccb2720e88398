"""What a directory is after a restore: what it was, and what was touched, looked at again."""

import os
from collections import defaultdict
from collections.abc import Iterable

from dws_core.objects.picture import Entry, FoundDirectory
from dws_core.objects.rewriting import Rewrite
from dws_core.objects.rows import DIRECTORY_ROW, is_same_content, row_of
from dws_core.objects.steps import Steps
from dws_core.objects.tree import DIRECTORY, join_nodes, object_id
from dws_core.plugin.grip import Grip
from dws_core.plugin.staging import is_staging


class Touched:
    """The names that a restore took out of directories and put into them, by the directories' paths."""

    def __init__(self) -> None:
        self.removed: defaultdict[str, set[bytes]] = defaultdict(set)
        self.added: defaultdict[str, list[Entry]] = defaultdict(list)

    def remove(self, path: str) -> None:
        parent, _, name = path.rpartition("/")
        self.removed[parent].add(os.fsencode(name))

    def add(self, path: str, row: bytes, identity: bytes, child: FoundDirectory | None = None, *, racy: bool = False) -> None:
        parent, _, name = path.rpartition("/")
        self.added[parent].append(Entry(os.fsencode(name), row, identity, child, racy))

    def directories(self) -> set[str]:
        return {*self.removed, *self.added}


def take_in(
    current: FoundDirectory,
    steps: Steps,
    staged: FoundDirectory,
    rewritten: Iterable[tuple[Rewrite, os.stat_result]],
    grip: Grip,
) -> bool:
    """Make the picture before a restore the one after it; False, and the picture of no use, if it is not as it should be."""
    touched = _look_again(steps, staged, grip)
    if touched is None:
        return False
    for rewrite, status in rewritten:
        # While we wrote to it others might have written too: it is read again by the next command.
        touched.add(rewrite.path, row_of(status), rewrite.node.id, racy=True)
    for path in sorted(touched.directories()):
        directory = current.find(path)
        directory.edit(touched.removed[path], touched.added[path])
        if not _holds(grip, path, directory):
            return False
    _work_out_trees(current, touched.directories())
    return True


def _look_again(steps: Steps, staged: FoundDirectory, grip: Grip) -> Touched | None:
    touched = Touched()
    for path, _ in steps.removals:
        touched.remove(path)
    for number, (path, new) in enumerate(steps.creations):
        row = staged.row(number)
        if new.node.kind != DIRECTORY:
            status = grip.look(path)
            if status is None or not is_same_content(row, status):
                return None
            row = row_of(status)
        touched.add(path, row, staged.id(number), staged.children.get(number))
    for path, old, node in steps.modes:
        status = grip.look(path)
        if status is None or not is_same_content(old.holder.row(old.place), status):
            return None
        touched.add(path, row_of(status), node.id, racy=old.place in old.holder.racy)
    return touched


def _holds(grip: Grip, path: str, directory: FoundDirectory) -> bool:
    names = set(os.listdir(grip.directory(path)))  # noqa: PTH208  # pathlib takes no descriptors, and by its path the directory might be another
    wanted = set(os.fsdecode(b"\0".join(directory.names)).split("\0") if directory.names else ())
    return wanted <= names and all(is_staging(name) for name in names - wanted)


def _work_out_trees(top: FoundDirectory, paths: Iterable[str]) -> None:
    above = {""}
    for path in paths:
        names = path.split("/")
        above.update("/".join(names[:count]) for count in range(1, len(names) + 1))
    for path in sorted(above, key=lambda each: each.count("/") if each else -1, reverse=True):
        directory = top.find(path)
        for index, child in directory.children.items():
            if directory.id(index) != child.tree:
                directory.put(index, DIRECTORY_ROW, child.tree)
        directory.tree = object_id(join_nodes(directory.encoded()))
