"""A small and slow resource type that keeps every promise for a directory: what the suite is tested with."""

import ast
import hashlib
import io
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from dws_core.errors import PathMissingError, UnsupportedFileError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Capability, Proposal, ResourceType, ResourceTypeDescriptor, ResultsMove, Scope, Settings, setting
from dws_core.testing import Content, EmptyDirectory, File, Item, Link, read_directory, write_directory

_KINDS: dict[str, type[File] | type[Link] | type[EmptyDirectory]] = {kind.__name__: kind for kind in (File, Link, EmptyDirectory)}
Tree: TypeAlias = dict[str, Item]

DESCRIPTOR = ResourceTypeDescriptor(
    name="box",
    help="A directory.",
    implementation=f"{__name__}:Box",
    settings=f"{__name__}:BoxSettings",
    capabilities=frozenset({Capability.RESTORABLE, Capability.LOCAL_PATH, Capability.HOLDS_RESULTS}),
)


@dataclass(frozen=True)
class BoxSettings(Settings):
    """The settings of a box."""

    path: str = setting("the directory", argument=True, scope=Scope.PLACE)


class Box(ResourceType[BoxSettings]):
    """A directory, read whole each time and stored as one object."""

    @classmethod
    def propose(cls, settings: BoxSettings, role: Role, root: Path) -> Proposal[BoxSettings]:
        return Proposal(settings, name=Path(settings.path).name)

    def create(self) -> None:
        self.local_path.mkdir(exist_ok=True)

    @property
    def local_path(self) -> Path:
        return self.context.root / self.settings.path

    def check(self) -> None:
        self.now()

    def current(self, subpath: str = "") -> Version:
        found = _below(self.now(), subpath)
        if subpath and not found:
            raise FileNotFoundError(subpath)
        return Version(hashlib.sha256(encode(found)).hexdigest())

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        before = self.now()
        after = _moved(before, move) if move else before
        stored = {"before": self.context.objects.put(encode(before)), "after": self.context.objects.put(encode(after))}
        return Version(hashlib.sha256(encode(after)).hexdigest(), dict(stored))

    def move_results(self, version: Version, move: ResultsMove) -> None:
        before = self.stored(version, "before")
        for path, item in _moved(before, move).items():
            self.put(path, item)
        now = self.now()
        for path in before.keys() - _moved(before, move).keys():
            if now.get(path) == before[path]:
                self.remove(path)
            elif path not in now:
                self.remove_emptied(path)  # one that was ended just before it did so

    def changes_since(self, version: Version | None) -> Changes:
        return _differences(self.stored(version), self.now())

    def compare(self, old: Version | None, new: Version) -> Changes:
        return _differences(self.stored(old), self.stored(new))

    def plan(self, version: Version) -> RestorePlan:
        then = self.stored(version)
        changes = _differences(self.now(), then)
        written = [then[path] for path in (*changes.added, *changes.changed)]
        return RestorePlan(changes, sum(len(item.content) for item in written if isinstance(item, File)))

    def restore(self, version: Version) -> Version:
        then = self.stored(version)
        changes = _differences(self.now(), then)
        for path in changes.removed:
            self.remove(path)
        for path in (*changes.added, *changes.changed):
            self.put(path, then[path])
        return self.current()

    def open(self, version: Version, path: str) -> BinaryIO:
        item = self.stored(version).get(path)
        if not isinstance(item, File):
            raise FileNotFoundError(path)
        return io.BytesIO(item.content)

    def add_results(self, version: Version, directory: str) -> bool:
        place, whole = self.local_path / directory, self.context.private / "whole"
        prefix = directory + "/"
        found = {path.removeprefix(prefix): item for path, item in self.stored(version).items() if path.startswith(prefix)}
        if os.path.lexists(place) or not found:
            return False
        write_directory(whole, found)
        place.parent.mkdir(parents=True, exist_ok=True)
        whole.rename(place)
        return True

    def now(self) -> Tree:
        """Read all there is."""
        if not self.local_path.is_dir():
            raise PathMissingError(self.local_path)
        for path in _walk(self.local_path):
            if stat.S_IFMT(path.lstat().st_mode) not in (stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR):
                raise UnsupportedFileError(path, "pipe")
        return dict(read_directory(self.local_path))

    def stored(self, version: Version | None, which: str = "after") -> Tree:
        """Read a version from the object store."""
        return {} if version is None else _decode(self.context.objects.get(str(version.data[which])))

    def put(self, path: str, item: Item) -> None:
        """Make one path what it was, whole or not at all."""
        place = self.local_path / path
        for parent in reversed(place.relative_to(self.local_path).parents[:-1]):
            ancestor = self.local_path / parent
            if ancestor.is_symlink() or ancestor.is_file():
                ancestor.unlink()
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(item, EmptyDirectory):
            if place.is_symlink() or place.is_file():
                place.unlink()
            place.mkdir(exist_ok=True)
            return
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        self.context.private.mkdir(parents=True, exist_ok=True)
        fresh = self.context.private / "fresh"
        fresh.unlink(missing_ok=True)
        self.fill(fresh, item)
        fresh.replace(place)

    def fill(self, fresh: Path, item: Item) -> None:
        """Write a file or link."""
        if isinstance(item, Link):
            fresh.symlink_to(item.target)
        elif isinstance(item, File):
            fresh.write_bytes(item.content)
            if item.executable:
                fresh.chmod(fresh.stat().st_mode | (fresh.stat().st_mode & 0o444) >> 2)

    def remove(self, path: str) -> None:
        """Take one path away, and the directories that it leaves empty."""
        place = self.local_path / path
        if place.is_dir() and not place.is_symlink():
            place.rmdir()
        else:
            place.unlink(missing_ok=True)
        self.remove_emptied(path)

    def remove_emptied(self, path: str) -> None:
        """Take away the directories above a path that hold nothing."""
        for parent in (self.local_path / path).parents:
            if parent == self.local_path or (parent.is_dir() and any(parent.iterdir())):
                break
            if parent.is_dir():
                parent.rmdir()


def _walk(directory: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(directory):
        yield from (Path(folder, name) for name in (*folders, *names))


def _moved(before: Tree, move: ResultsMove) -> Tree:
    stays = {path: item for path, item in before.items() if path.partition("/")[0] in move.stay}
    moves = {f"{move.destination}/{path}": item for path, item in before.items() if path not in stays}
    return {**stays, **moves, **{f"{move.destination}/{path}": File(content) for path, content in move.files.items()}}


def _below(tree: Tree, subpath: str) -> Tree:
    return {path: item for path, item in tree.items() if not subpath or path == subpath or path.startswith(f"{subpath}/")}


def _differences(old: Content, new: Content) -> Changes:
    both = old.keys() & new.keys()
    return Changes(
        tuple(sorted(new.keys() - both)),
        tuple(sorted(old.keys() - both)),
        tuple(sorted(path for path in both if old[path] != new[path])),
    )


def encode(tree: Tree) -> bytes:
    return repr([(path, type(item).__name__, astuple(item)) for path, item in sorted(tree.items())]).encode()


def _decode(content: bytes) -> Tree:
    return {path: _KINDS[kind](*facts) for path, kind, facts in ast.literal_eval(content.decode())}
