"""A resource type whose content lies in a directory of this machine, and is kept in the object store."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

from dws_core.errors import DamagedObjectError, MissingObjectError, PathMissingError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.names import check_relative
from dws_core.model.version import Version
from dws_core.plugin.bringing import bring_directory
from dws_core.plugin.files import Files
from dws_core.plugin.movement import Identity, move_results, results_moves
from dws_core.plugin.objects import Entry, EntryKind
from dws_core.plugin.resource_type import ResourceType, ResultsMove
from dws_core.plugin.settings import Settings
from dws_core.plugin.tree_files import TreeFiles

S = TypeVar("S", bound=Settings)


class DirectoryResourceType(ResourceType[S]):
    """Everything of the contract but `propose`, given `local_path`; a version's id is that of the directory's tree."""

    @property
    def local_path(self) -> Path:
        raise NotImplementedError

    def check(self) -> None:
        self._directory()

    def current(self, subpath: str = "") -> Version:
        if not subpath:
            return Version(self.context.objects.scan(self._directory()))
        return Version(self.context.objects.identify(self._directory(), check_relative(subpath)))

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        objects = self.context.objects
        tree = objects.store(self._directory())
        if move is None:
            return Version(tree)
        top = [entry.path for entry in objects.entries(tree) if "/" not in entry.path]
        files = {f"{move.destination}/{name}": content for name, content in move.files.items()}
        return Version(objects.edit(tree, moves=results_moves(top, move), files=files))

    def move_results(self, version: Version, move: ResultsMove) -> None:
        objects, directory = self.context.objects, self._directory()
        recorded = _identities(objects.entries(version.id))
        move_results(
            directory,
            move,
            recorded,
            _identities(objects.listing(directory)),
            lambda path: self._open_recorded(version.id, path, recorded[path]),
        )

    def changes_since(self, version: Version | None) -> Changes:
        return self.context.objects.changes_since(version.id if version else None, self._directory())

    def compare(self, old: Version | None, new: Version) -> Changes:
        return self.context.objects.compare(old.id if old else None, new.id)

    def plan(self, version: Version) -> RestorePlan:
        return self.context.objects.plan(version.id, self.local_path)

    def restore(self, version: Version) -> Version:
        return Version(self.context.objects.restore(version.id, self.local_path))

    def open(self, version: Version, path: str) -> BinaryIO:
        return self.context.objects.open(version.id, path)

    def verify(self, version: Version) -> Sequence[str]:
        try:
            self.context.objects.get(version.id)
        except (MissingObjectError, DamagedObjectError):
            return (f"the tree {version.short}, which is all of it",)
        return ()

    def needs(self, version: Version) -> frozenset[str]:
        return frozenset({version.id})

    def add_results(self, version: Version, directory: str) -> bool:
        return bring_directory(self.context.objects, version.id, directory, self._directory())

    def files(self, version: Version | None = None) -> Files:
        return super().files() if version is None else TreeFiles(self.resource.name, self.context.objects, version.id)

    def _directory(self) -> Path:
        """The directory, which may have vanished since it was added; PathMissingError."""
        if not self.local_path.is_dir():
            raise PathMissingError(self.local_path)
        return self.local_path

    def _open_recorded(self, tree: str, path: str, identity: Identity) -> BinaryIO:
        if identity.kind is EntryKind.SYMLINK:
            return io.BytesIO(self.context.objects.get(identity.id))
        return self.context.objects.open(tree, path)


def _identities(entries: Iterable[Entry]) -> dict[str, Identity]:
    """Tell what lies at each path; of directories only empty ones."""
    found: dict[str, Identity] = {}
    for entry in entries:
        found.pop(entry.path.rpartition("/")[0], None)
        found[entry.path] = Identity(entry.kind, "" if entry.kind is EntryKind.DIRECTORY else entry.id)
    return found
