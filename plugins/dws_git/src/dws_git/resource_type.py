"""The type git: a repository of its own, at a commit, with what is not committed yet."""

import hashlib
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from dws_core.errors import PathMissingError, UnstableFileError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.codec import Json
from dws_core.model.exchange import Exchange
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Files, Proposal, ResourceType, ResultsMove
from dws_git.addresses import check_network, without_secrets
from dws_git.bundling import Bundles, bring, is_bundled, named_in, unsent
from dws_git.checkout import HEADS, set_index, staged_commit, switch
from dws_git.content import Move, Stored, commit_in, inexact, lacking, open_stored, read, store, stored_in
from dws_git.conversion import converted
from dws_git.errors import BrokenRepositoryError
from dws_git.exchanging import Standing, pull, push
from dws_git.fast_forward import Found, fast_forward
from dws_git.git import check_git
from dws_git.hashing import Hasher
from dws_git.keeping import commit_for, keep, names_in
from dws_git.listing import DIRECTORY, SUBMODULE, Item, Listing, below, compare, tree_id
from dws_git.obtaining import obtain
from dws_git.proposing import propose
from dws_git.reading import recorded_files
from dws_git.repository import Repository, is_repository
from dws_git.restoring import apply, plan
from dws_git.settings import GitSettings
from dws_git.smudging import as_git_sees, check_out
from dws_git.stored_files import sizes, stage
from dws_git.submodules import submodules
from dws_git.subpath import version_of_file
from dws_git.trees import read_tree
from dws_git.worktree import ignored_paths, walk

_TRIES = 3


class GitResource(ResourceType[GitSettings]):
    """A clean repository's version is its commit; of another one it covers all that git does not ignore."""

    @classmethod
    def propose(cls, settings: GitSettings, role: Role, root: Path) -> Proposal[Any]:
        check_git()
        return propose(settings, role, root)

    @property
    def local_path(self) -> Path:
        return self.context.root / self.settings.relative_local_path

    def check(self) -> None:
        check_git()
        self._repository.check_fit()
        self._repository.check_at_rest()

    def current(self, subpath: str = "") -> Version:
        found = version_of_file(self.local_path, subpath) if subpath else None
        if found is not None:
            return found
        listing = self._look()
        if subpath:
            return Version(tree_id(below(listing, subpath), self._repository.algorithm))
        commit = self._commit()
        return Version(commit if self._is_clean(listing, commit) else self._unclean_id(listing, commit))

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        for _ in range(_TRIES - 1):
            with suppress(UnstableFileError):
                return self._take()
        return self._take()

    def changes_since(self, version: Version | None) -> Changes:
        if version is None:
            return compare({}, self._look())
        self._bring(version)
        recorded = self._recorded(version)
        return compare(recorded, self._seen(version, recorded))

    def compare(self, old: Version | None, new: Version) -> Changes:
        if old is None:
            self._bring(new)
            return compare({}, self._recorded(new))
        if old == new:
            return Changes()
        for version in (old, new):
            self._bring(version)
        exact = all("tree" in version.data for version in (old, new))
        before, after = (self._recorded(version) if exact else self._as_stored(version) for version in (old, new))
        return compare(before, after)

    def plan(self, version: Version) -> RestorePlan:
        self._bring(version)
        target = self._recorded(version)
        stored = stored_in(version)
        return plan(
            self.local_path,
            self._seen(version, target),
            target,
            self._ignored(),
            lambda paths: sizes(self._repository, self.context.objects, stored, target, paths),
        )

    def restore(self, version: Version) -> Version:
        self.check()
        self.plan(version)
        target = self._recorded(version)
        commit, stored = commit_in(version), Stored.of(version)
        with self._repository.scratch(self.context.private) as scratch:

            def write(place: Path, paths: Collection[str]) -> None:
                if stored is None:
                    check_out(self._repository, commit, place, paths, scratch)
                else:
                    stage(self._repository, self.context.objects, stored, target, place, paths)

            try:
                apply(self.local_path, self._seen(version, target), target, write)
            finally:
                self._repository.git.close()
            self._stand_at(version, scratch)
        self._tell_submodules(target)
        return self.current()

    def open(self, version: Version, path: str) -> BinaryIO:
        self._bring(version)
        stored = stored_in(version)
        try:
            return open_stored(self._repository, self.context.objects, stored, path)
        finally:
            self._repository.git.close()

    def files(self, version: Version | None = None) -> Files:
        if version is None:
            return super().files()
        stored = stored_in(version)
        repository, objects = self._repository, self.context.objects
        return recorded_files(self.resource.name, version.id, repository, objects, stored, lambda: self._brought(version))

    def verify(self, version: Version) -> Sequence[str]:
        if is_bundled(self._repository, self.context.objects, version):
            return ()
        return lacking(self._repository, self.context.objects, names_in(version), Stored.of(version))

    def needs(self, version: Version) -> frozenset[str]:
        stored = Stored.of(version)
        return (stored.needs() if stored else frozenset()).union(named_in(version))

    @property
    def origin(self) -> str | None:
        if is_repository(self.local_path):
            url = self._repository.remote_origin_url
        else:
            url = self.settings.remote_origin_url
            if url:  # a stranger's word: the user is not even asked about what would never be contacted
                check_network(url, self.local_path)
        return without_secrets(url) if url else None

    def obtain(self) -> None:
        check_git()
        obtain(self.local_path, self.settings.remote_origin_url, self.settings.branch)

    def push(self, versions: Sequence[Version], *, dry_run: bool = False) -> Exchange:
        check_git()
        if self.settings.read_only:
            return unsent("read-only, so nothing is pushed", self._repository, versions)
        if self._repository.remote_origin_url is None:
            return unsent("it has no origin", self._repository, versions)
        return push(self._repository, self.context.clone, versions, dry_run=dry_run)

    def pull(self, *, dry_run: bool = False) -> Exchange:
        check_git()
        self._repository.check_at_rest()
        self._repository.check_whole()
        return pull(self._repository, self._forward, dry_run=dry_run)

    @cached_property
    def _repository(self) -> Repository:
        if not self.local_path.is_dir():
            raise PathMissingError(self.local_path)
        return Repository(self.local_path)

    def _commit(self) -> str:
        commit = self._repository.head
        if commit is None:
            raise BrokenRepositoryError(self.local_path, "its HEAD leads to no commit")
        return commit

    def _ignored(self) -> frozenset[str]:
        return ignored_paths(self._repository, "")

    def _look(self) -> Listing:
        """List what is there now, as it is on disk."""
        listing = submodules(self._repository)
        walked = walk(self.local_path, ignored=self._ignored(), submodules=frozenset(listing), keep={".git"})
        listing.update(Hasher(self.context.private / "hashes", self._repository.algorithm).hash(self.local_path, walked))
        listing.update({path: Item(DIRECTORY, "") for path in walked.empty})
        return listing

    def _is_clean(self, listing: Listing, commit: str) -> bool:
        recorded = read_tree(self._repository, commit)
        return listing.keys() == recorded.keys() and self._as_git_sees(listing, commit, recorded) == recorded

    def _seen(self, version: Version, recorded: Listing) -> Listing:
        """List what is there now so that it compares with a version: a clean one is known only as git sees it."""
        if not self.local_path.is_dir():
            raise PathMissingError(self.local_path)
        listing = self._look()
        return listing if "tree" in version.data else self._as_git_sees(listing, commit_in(version), recorded)

    def _as_git_sees(self, listing: Listing, commit: str, recorded: Listing) -> Listing:
        differing = {path: item for path, item in listing.items() if path in recorded and recorded[path].id != item.id}
        with self._repository.scratch(self.context.private) as scratch:
            nothing_stored = self._repository.beside(scratch / "objects")
            changed = converted(nothing_stored, "", differing, scratch)
            return as_git_sees(nothing_stored, listing, commit, changed, scratch)

    def _unclean_id(self, listing: Listing, commit: str) -> str:
        content = f"{commit} {tree_id(listing, self._repository.algorithm)}"
        return hashlib.sha256(content.encode()).hexdigest()

    def _take(self) -> Version:
        listing, commit = self._look(), self._commit()
        branch = (self._repository.branch or "").removeprefix(HEADS)
        with self._repository.scratch(self.context.private) as scratch:
            staged = staged_commit(self._repository, commit, scratch)
            facts: dict[str, Json] = {"commit": commit, "branch": branch, "staged": staged}
            data = {name: value for name, value in facts.items() if value}
            below = [commit, *([staged] if staged else [])]
            if self._is_clean(listing, commit):
                return Version(commit, {**data, **self._keep(below, scratch)})
            recorded = read_tree(self._repository, commit)
            differing = {path: item for path, item in listing.items() if recorded.get(path) != item}
            changed = converted(self._repository, "", differing, scratch)
            _, stored = store(self._repository, self.context.objects, self.local_path, listing, changed, scratch, Move())
            kept = self._keep([commit_for(self._repository, stored.tree, below)], scratch)
        return Version(self._unclean_id(listing, commit), {**data, **stored.to_json(), **kept})

    def _keep(self, commits: Sequence[str], scratch: Path) -> dict[str, Json]:
        """Keep what a version names from git's housekeeping, and in a bundle where it will not be pushed to any origin."""
        keep(self._repository, self.context.clone, commits)
        if not self.settings.read_only and self._repository.remote_origin_url is not None:
            return {}
        bundle = Bundles(self._repository, self.context.objects, self.context.private).store(commits, scratch)
        return {"bundle": [*bundle]} if bundle else {}

    def _bring(self, version: Version) -> None:
        bring(self._repository, self.context.objects, version, self.context.clone)

    def _brought(self, version: Version) -> Listing:
        self._bring(version)
        return self._recorded(version)

    def _forward(self, standing: Standing) -> None:
        found = Found(self._look(), self._ignored(), self._as_git_sees)
        with self._repository.scratch(self.context.private) as scratch:
            fast_forward(self._repository, found, standing, scratch, self.context.clone)
        self._tell_submodules(read_tree(self._repository, "HEAD"))

    def _recorded(self, version: Version) -> Listing:
        """List a recorded version: as it was on disk, or of a clean one as its commit says."""
        stored = Stored.of(version)
        if stored is None:
            return read_tree(self._repository, commit_in(version))
        return read(self._repository, self.context.objects, stored)

    def _as_stored(self, version: Version) -> Listing:
        """List a recorded version as git sees it, with the empty directories that git does not see."""
        stored = Stored.of(version)
        listing = read_tree(self._repository, stored.tree if stored else commit_in(version))
        aside = inexact(self.context.objects, stored) if stored else {}
        return {**listing, **{path: item for path, item in aside.items() if item.mode == DIRECTORY}}

    def _stand_at(self, version: Version, scratch: Path) -> None:
        commit = commit_in(version)
        wanted = [version.data.get("branch"), self.settings.branch]
        branches = [name for name in wanted if isinstance(name, str)]
        before = self._repository.branch
        branch = switch(self._repository, commit, branches)
        if branch is None and before is not None:
            self.context.progress.warn(
                f"{self.resource.name}: now at commit {commit[:12]} with a detached HEAD, since no branch ends there"
            )
        staged = version.data.get("staged")
        index = staged if isinstance(staged, str) and staged.isalnum() else commit
        set_index(self._repository, index, scratch, self.context.clone)

    def _tell_submodules(self, target: Listing) -> None:
        now = submodules(self._repository)
        for path, item in target.items():
            if item.mode == SUBMODULE and now.get(path) != item:
                self.context.progress.warn(
                    f"{self.resource.name}: the submodule {path} was at {item.id[:12]}; "
                    f"bring it there with `git -C {self.local_path} submodule update --init`"
                )
