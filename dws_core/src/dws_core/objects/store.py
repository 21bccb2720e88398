"""The object store of a clone: the one door to everything in this package."""

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import MissingObjectError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.names import check_relative
from dws_core.objects import restore as restoring
from dws_core.objects.assembly import assemble, put_together, sort_backwards
from dws_core.objects.branch import StoredBranch, find, walk
from dws_core.objects.checking import Condition, Damage, check_store
from dws_core.objects.choice import choose, choose_existing
from dws_core.objects.collecting import Waste, find_waste
from dws_core.objects.compare import changes
from dws_core.objects.contents import Contents
from dws_core.objects.edit import edit
from dws_core.objects.files import is_here, open_file
from dws_core.objects.keeping import keeping
from dws_core.objects.marking import Marking
from dws_core.objects.mending import mend, set_aside
from dws_core.objects.pack import ids_of_index, lost_indexes
from dws_core.objects.presence import absent
from dws_core.objects.refused import NamedAtItsEnds, named
from dws_core.objects.stat_cache import StatCache
from dws_core.objects.steady import Look, SteadyLooks
from dws_core.objects.steps import Steps, find_steps
from dws_core.objects.survey import Survey
from dws_core.objects.tree import EXECUTABLE, FILE, KINDS, Node, object_id, raw_id
from dws_core.plugin.context import Progress
from dws_core.plugin.objects import Entry, Objects
from dws_core.plugin.staging import sweep

_PATHS = "paths"


class ObjectStore(Objects):
    """Content by hash, in a directory of this clone; see the protocol for what each method promises."""

    def __init__(self, directory: Path, caches: Path, progress: Progress) -> None:
        self._contents = Contents(directory)
        self._caches = caches
        self._progress = progress
        self._looks = SteadyLooks()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Put what is stored inside, small enough for packs, into packs of undo state, which never leave this clone.

        Every reader finds it; outside, a writer stores it again.
        """
        with named():
            self._contents.refresh()
        with self._contents.aside():
            yield

    @contextmanager
    def reading(self) -> Iterator[Contents]:
        """Give all objects there are, for reading."""
        with named():
            self._contents.refresh()
            yield self._contents

    @contextmanager
    def writing(self) -> Iterator[Contents]:
        """Give all objects there are, to add more: what is added inside lasts once it ends."""
        with self.reading() as contents, contents.writing():
            yield contents

    def put(self, content: bytes) -> str:
        with self.writing():
            return self._contents.add(content).hex()

    def get(self, object_id: str) -> bytes:
        with self.reading():
            return self._contents.read(raw_id(object_id))

    def scan(self, directory: Path) -> str:
        return self._look(directory).top.tree.hex()

    def steady(self) -> AbstractContextManager[None]:
        """Inside, `scan`, `store`, `changes_since`, `plan` and `restore` look at a directory once, and take it to be as it was.

        What is changed there by others is not seen until afterwards, but never lost: a restore compares what it replaces
        or removes. What the program changes itself by other means, it changes outside, or asks for with `listing`.
        """
        return self._looks.held()

    def store(self, directory: Path) -> str:
        with self.writing():
            look = self._looks.find(directory)
            if look is None:
                survey = Survey(directory, self._cache(directory), self._progress)
                look = Look(survey, survey.take(contents=self._contents))
            else:
                look.store(self._contents)
        with named():
            self._looks.keep(directory, look)
        return look.top.tree.hex()

    def store_paths(self, directory: Path, paths: Iterable[str]) -> str:
        choice = choose(check_relative(path) for path in paths)
        with self.writing():
            survey = Survey(directory, self._cache(directory, _PATHS), self._progress)
            found = survey.take(choice, self._contents)
        with named():
            survey.save(found)
        return found.tree.hex()

    def keeping(self) -> AbstractContextManager[Callable[[Path], Entry]]:
        return NamedAtItsEnds(keeping(self._contents))

    def tree(self, entries: Iterable[Entry]) -> str:
        rows = sort_backwards(entries)
        with self.writing():
            return assemble(self._contents, rows).hex()

    def tree_id(self, entries: Iterable[Entry]) -> str:
        return put_together(sort_backwards(entries), object_id).hex()

    def lacking(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        with self.reading() as contents:
            yield from (each for each in entries if not is_here(contents, raw_id(each.id), each.size))

    def identify(self, directory: Path, path: str) -> str:
        with named():
            choice = choose_existing(directory, [check_relative(path)], whole=True)
            names = os.fsencode(path).split(b"/")
            found = Survey(directory, self._cache(directory), self._progress).take(choice)
            for name in names[:-1]:
                if name not in found.names or found.names.index(name) not in found.children:
                    raise FileNotFoundError(path)
                found = found.children[found.names.index(name)]
            if names[-1] not in found.names:
                raise FileNotFoundError(path)
            return found.id(found.names.index(names[-1])).hex()

    def listing(self, directory: Path) -> Iterator[Entry]:
        self._looks.forget(directory)
        return _entries(walk(self._look(directory).top))

    def edit(self, tree: str, *, moves: Mapping[str, str], files: Mapping[str, bytes]) -> str:
        with self.writing():
            return edit(self._contents, self._branch(tree), moves, files).hex()

    def entries(self, tree: str) -> Iterator[Entry]:
        with self.reading():
            yield from _entries(walk(self._branch(tree)))

    def children(self, tree: str) -> Iterator[Entry]:
        with self.reading():
            yield from _entries((node.name, node) for node in self._branch(tree).nodes())

    def open_entry(self, entry: Entry) -> BinaryIO:
        with self.reading():
            return open_file(self._contents, raw_id(entry.id), entry.size, entry.path)

    def compare(self, old: str | None, new: str) -> Changes:
        with self.reading():
            return changes(self._branch_or_none(old), self._branch(new))

    def changes_since(self, tree: str | None, directory: Path) -> Changes:
        found = self._look(directory).top
        if tree == found.tree.hex():
            return Changes()
        with self.reading():
            return changes(self._branch_or_none(tree), found)

    def open(self, tree: str, path: str) -> BinaryIO:
        with self.reading():
            node = find(self._branch(tree), check_relative(path))
            if node is None or node.kind not in (FILE, EXECUTABLE):
                raise FileNotFoundError(path)
            return open_file(self._contents, node.id, node.size, path)

    def plan(self, tree: str, directory: Path) -> RestorePlan:
        look = self._look(directory) if directory.is_dir() else None
        with self.reading():
            return restoring.plan(self._contents, self._steps(tree, look), directory, self._progress)

    def restore(self, tree: str, directory: Path) -> str:
        with named():
            if not directory.is_dir():
                directory.mkdir(parents=True)
                self._looks.forget(directory)
            sweep(directory)
        look = self._look(directory)
        try:
            with self.reading():
                known = restoring.apply(self._contents, look.top, self._steps(tree, look), directory, self._progress)
        except BaseException:
            self._looks.forget(directory)
            raise
        if not known:
            self._looks.forget(directory)
            return self.scan(directory)
        with named():
            look.steps.clear()
            self._looks.keep(directory, look)
        return look.top.tree.hex()

    def overlay(self, tree: str, directory: Path) -> None:
        with self.reading():
            directory.mkdir(parents=True, exist_ok=True)
            paths = [entry.path for entry in _entries(walk(self._branch(tree)))]
            choice = choose_existing(directory, paths)
            current = Survey(directory, StatCache(self._caches, directory, _PATHS), self._progress).take(choice)
            steps = find_steps(current, self._branch(tree), remove=False)
            restoring.apply(self._contents, current, steps, directory, self._progress)

    def missing(self, tree: str) -> tuple[str, ...]:
        with self.reading():
            return tuple(absent(self._contents, raw_id(tree)))

    def waste(self, by_snapshots: Iterable[bytes], by_undo: Iterable[bytes]) -> Waste:
        """Find out what none of these needs, ids that may be no object's among them; MissingObjectError, DamagedObjectError.

        The workspace's lock is held, or nothing is removed.
        """
        with self.reading():
            marking = Marking(self._contents)
            roots = marking.follow(by_snapshots, by_snapshots=True) | marking.follow(by_undo, by_snapshots=False)
            for directory in (self._contents.kept, self._contents.undo):
                for index in lost_indexes(directory):
                    if not roots.isdisjoint(ids_of_index(index)):
                        raise MissingObjectError(f"the pack {index.stem}")
            return find_waste(self._contents, marking.needed)

    def remove(self, waste: Waste) -> None:
        """Remove what was found out, the workspace's lock being held."""
        with named():
            waste.remove()

    def check(self) -> Condition:
        """Read everything there is, and tell what is damaged; nothing is changed, an index that is met later neither."""
        self._contents.mends = False
        return check_store(self._contents.kept.parent, self._progress)

    def mend(self, damages: Iterable[Damage], wanted: Container[bytes]) -> None:
        """Mend what can be mended and move the rest aside, the workspace's lock being held; then look anew at what there is."""
        with named():
            mend(self._contents.kept.parent, damages, wanted)

    def set_aside(self, path: Path) -> None:
        """Move a damaged file, which may be of another directory of this clone, to the store's damaged ones."""
        with named():
            set_aside(self._contents.kept.parent, path)

    def _look(self, directory: Path) -> Look:
        look = self._looks.find(directory)
        if look is None:
            with named():
                survey = Survey(directory, self._cache(directory), self._progress)
                look = Look(survey, survey.take())
                self._looks.keep(directory, look)
        return look

    def _steps(self, tree: str, look: Look | None) -> Steps:
        """Find the steps to a tree, once for each look."""
        if look is None:
            return find_steps(None, self._branch(tree), remove=True)
        if tree not in look.steps:
            look.steps = {tree: find_steps(look.top, self._branch(tree), remove=True)}
        return look.steps[tree]

    def _cache(self, directory: Path, purpose: str = "") -> StatCache:
        cache = StatCache(self._caches, directory, purpose)
        cache.load()
        return cache

    def _branch(self, tree: str) -> StoredBranch:
        return StoredBranch(self._contents, raw_id(tree))

    def _branch_or_none(self, tree: str | None) -> StoredBranch | None:
        return self._branch(tree) if tree is not None else None


def _entries(found: Iterator[tuple[bytes, Node]]) -> Iterator[Entry]:
    for path, node in found:
        yield Entry(os.fsdecode(path), KINDS[node.kind], node.id.hex(), node.size)
