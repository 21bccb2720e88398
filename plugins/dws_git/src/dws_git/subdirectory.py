"""The type git-subdirectory: a directory of the workspace's own repository, committed with the workspace's history."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import MissingObjectError, PathMissingError, PathRefusedError, UnstableFileError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Files, Proposal, ResourceType, ResultsMove
from dws_core.plugin.movement import Identity, move_results, results_moves
from dws_git.content import Move, Stored, lacking, open_stored, read, store
from dws_git.conversion import converted
from dws_git.git import check_git
from dws_git.hashing import Hasher
from dws_git.index import add_entries
from dws_git.keeping import commit_for, keep
from dws_git.listing import DIRECTORY, KINDS, Item, Listing, below, compare, tops, tree_id
from dws_git.reading import recorded_files
from dws_git.repository import Repository, is_repository
from dws_git.restoring import apply, plan
from dws_git.settings import GitSubdirectorySettings
from dws_git.stored_files import sizes, stage
from dws_git.subpath import version_of_file
from dws_git.trees import read_tree
from dws_git.worktree import ignored_paths, is_ignored, walk

SUBDIRECTORY = "git-subdirectory"
_TRIES = 3


class GitSubdirectory(ResourceType[GitSubdirectorySettings]):
    """What lies in the directory, but for what git ignores; as results, what git ignores too."""

    @classmethod
    def propose(cls, settings: GitSubdirectorySettings, role: Role, root: Path) -> Proposal[GitSubdirectorySettings]:
        check_git()
        directory = root / settings.relative_path
        _check_directory(directory)
        if not is_repository(root) or not directory.is_relative_to(root):
            raise PathRefusedError(directory, "it is no directory of the workspace's git repository", hint="use local-files")
        for place in (directory, *directory.parents):
            if place == root:
                break
            if (place / ".git").exists():
                raise PathRefusedError(
                    directory, f"{place} is a git repository of its own", hint=f"add it with `dws add git {place}`"
                )
        if role is not Role.RESULTS and is_ignored(Repository(root), settings.relative_path):
            raise PathRefusedError(
                directory, "git ignores all of it", hint="take it out of .gitignore, or use `dws add local-files`"
            )
        return Proposal(settings, directory.name, directory)

    def create(self) -> None:
        self.local_path.mkdir(parents=True, exist_ok=True)

    @property
    def local_path(self) -> Path:
        return self.context.root / self.settings.relative_path

    def check(self) -> None:
        check_git()
        _check_directory(self.local_path)
        self._repository.check_whole()

    def current(self, subpath: str = "") -> Version:
        found = version_of_file(self.local_path, subpath) if subpath else None
        return found or self._version_of(self._look(), subpath)

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        for attempt in range(_TRIES):
            try:
                after, stored = self._store(move)
                break
            except UnstableFileError:
                if attempt == _TRIES - 1:
                    raise
        keep(self._repository, self.context.clone, [commit_for(self._repository, stored.tree)])
        return Version(tree_id(after, self._repository.algorithm), stored.to_json())

    def move_results(self, version: Version, move: ResultsMove) -> None:
        stored = self._stored(version)
        recorded = _identities(read(self._repository, self.context.objects, stored))
        try:
            move_results(
                self.local_path,
                move,
                recorded,
                _identities(self._look()),
                lambda path: open_stored(self._repository, self.context.objects, stored, path),
            )
        finally:
            self._repository.git.close()

    def changes_since(self, version: Version | None) -> Changes:
        return compare(self._recorded(version), self._look())

    def compare(self, old: Version | None, new: Version) -> Changes:
        return Changes() if old == new else compare(self._recorded(old), self._recorded(new))

    def plan(self, version: Version) -> RestorePlan:
        target = self._recorded(version)
        current = self._look() if self.local_path.exists() else {}
        stored = self._stored(version)
        return plan(
            self.local_path,
            current,
            target,
            self._ignored(),
            lambda paths: sizes(self._repository, self.context.objects, stored, target, paths),
        )

    def restore(self, version: Version) -> Version:
        self.plan(version)
        self.local_path.mkdir(parents=True, exist_ok=True)
        target = self._recorded(version)
        stored = self._stored(version)
        try:
            apply(
                self.local_path,
                self._look(),
                target,
                lambda place, paths: stage(self._repository, self.context.objects, stored, target, place, paths),
            )
        finally:
            self._repository.git.close()
        self._track_ignored(stored)
        return self.current()

    def open(self, version: Version, path: str) -> BinaryIO:
        try:
            return open_stored(self._repository, self.context.objects, self._stored(version), path)
        finally:
            self._repository.git.close()

    def files(self, version: Version | None = None) -> Files:
        if version is None:
            return super().files()
        stored, objects = self._stored(version), self.context.objects
        return recorded_files(self.resource.name, version.id, self._repository, objects, stored, lambda: self._recorded(version))

    def verify(self, version: Version) -> Sequence[str]:
        stored = self._stored(version)
        return lacking(self._repository, self.context.objects, [stored.tree], stored)

    def needs(self, version: Version) -> frozenset[str]:
        return self._stored(version).needs()

    @cached_property
    def _repository(self) -> Repository:
        return Repository(self.context.root)

    @property
    def _hasher(self) -> Hasher:
        return Hasher(self.context.private / "hashes", self._repository.algorithm)

    def _ignored(self) -> frozenset[str]:
        if self.resource.role is Role.RESULTS:
            return frozenset()
        return ignored_paths(self._repository, self.settings.relative_path)

    def _look(self) -> Listing:
        """List what is there now."""
        walked = walk(self.local_path, ignored=self._ignored())
        listing = self._hasher.hash(self.local_path, walked)
        listing.update({path: Item(DIRECTORY, "") for path in walked.empty})
        return listing

    def _store(self, move: ResultsMove | None) -> tuple[Listing, Stored]:
        listing = self._look()
        moved = Move()
        if move is not None:
            files = {f"{move.destination}/{name}": content for name, content in move.files.items()}
            moved = Move(results_moves(tops(listing), move), files)
        with self._repository.scratch(self.context.private) as scratch:
            changed = converted(self._repository, self.settings.relative_path, listing, scratch)
            objects, place = self.context.objects, self.local_path
            return store(self._repository, objects, place, listing, changed, scratch, moved, with_lfs=True)

    def _stored(self, version: Version) -> Stored:
        stored = Stored.of(version)
        if stored is None:
            raise MissingObjectError(f"version {version.short} of resource {self.resource.name!r}")
        return stored

    def _recorded(self, version: Version | None) -> Listing:
        return {} if version is None else read(self._repository, self.context.objects, self._stored(version))

    def _version_of(self, listing: Listing, subpath: str) -> Version:
        return Version(tree_id(below(listing, subpath) if subpath else listing, self._repository.algorithm))

    def _track_ignored(self, stored: Stored) -> None:
        """Take into the user's index what was restored though git would ignore it: else it would not count from now on."""
        ignored = self._ignored()
        if not ignored:
            return
        prefix = self.settings.relative_path
        tree = read_tree(self._repository, stored.tree)
        entries = {f"{prefix}/{path}": item for path, item in tree.items() if _is_in(path, ignored)}
        if entries:
            with self._repository.scratch(self.context.private) as scratch:
                add_entries(self._repository, entries, scratch, self.context.clone)


def _is_in(path: str, ignored: frozenset[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:count]) in ignored for count in range(1, len(parts) + 1))


def _identities(listing: Mapping[str, Item]) -> dict[str, Identity]:
    return {path: Identity(KINDS[item.mode], item.id) for path, item in listing.items()}


def _check_directory(directory: Path) -> None:
    if directory.is_symlink():
        raise PathRefusedError(directory, "it is a symlink", hint="give the directory that it leads to")
    if not directory.is_dir():
        raise PathMissingError(directory)
