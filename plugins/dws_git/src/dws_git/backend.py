"""The git backend: the workspace is a git repository, and only what is ours is ever committed by us."""

import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from dws_core.plugin import Backend, Commit, Context, Incoming, Settings
from dws_git.addresses import check_url, shown
from dws_git.cloning import clone
from dws_git.committing import Made, make_commit, move_branch
from dws_git.errors import BranchMovedError, RepositoryRefusedError
from dws_git.excluding import exclude, include
from dws_git.git import check_git, make_repository
from dws_git.index import HeldIndex, add_entries, check_free, entries, held, release
from dws_git.joining import Joining
from dws_git.keeping import commit_for, keep, ref_of
from dws_git.large_files import get_lfs, send_lfs
from dws_git.lfs import ATTRIBUTES, use_lfs
from dws_git.listing import Item, Listing, blob_id
from dws_git.origin import Origin
from dws_git.publishing import publish
from dws_git.pulling import check_merge, fetch, merge
from dws_git.repository import Repository, check_top, is_bare, is_repository
from dws_git.settings import GitBackendSettings
from dws_git.subdirectory import SUBDIRECTORY
from dws_git.trees import write_tree
from dws_git.writing import write_whole

_TRIES = 5
_OWN_FILES = {
    ".dataworkspace/.gitignore": b"# What is this clone's alone.\n/local/\n",
    ".dataworkspace/.gitattributes": b"# Records are named by their bytes.\n* -text -ident -filter -working-tree-encoding\n",
}


class GitBackend(Backend):
    """Metadata, and the directories that lie beside it, in the history of the workspace's own repository."""

    @cached_property
    def repository(self) -> Repository:
        return Repository(self.root)

    @classmethod
    def check_init(cls, root: Path) -> None:
        check_git()
        check_top(root)
        if is_bare(root) or (is_repository(root) and Repository(root).is_bare):
            raise RepositoryRefusedError(root, "it is a bare git repository", "clone it, and make the workspace in the clone")
        if is_repository(root):
            Repository(root).check_at_rest()

    def init(self) -> None:
        check_git()
        if not is_repository(self.root):
            make_repository(self.root)
        for path, content in _OWN_FILES.items():
            place = self.root / path
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                write_whole(place, content)

    def set_up(self, settings: Settings) -> Sequence[str]:
        if not isinstance(settings, GitBackendSettings) or not settings.git_lfs_attributes:
            return ()
        use_lfs(self.repository, settings.git_lfs_attributes)
        return (ATTRIBUTES,)

    def check(self) -> None:
        check_git()
        self.repository.check_at_rest()
        check_free(self.repository, self.context.clone)

    def commit(self, commit: Commit) -> None:
        self.repair()
        trees = {
            str(resource.settings["relative_path"]): str(version.data["tree"])
            for resource, version in commit.versions
            if resource.type == SUBDIRECTORY
        }
        repository = self.repository
        with repository.scratch(self.context.private) as scratch:
            for _ in range(_TRIES):
                with held(repository, scratch, self.context.clone) as index:
                    paths = [*commit.paths, *self._own_files(commit.paths)]
                    made = make_commit(repository, commit.message, paths, trees, self.context.identity, scratch)
                    if made is None or self._make_happen(made, index, scratch):
                        return
        raise BranchMovedError(repository.branch or "HEAD")

    def holds(self, path: str) -> bool:
        try:
            content = (self.root / path).read_bytes()
        except OSError:
            return False
        recorded = self.repository.git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"HEAD:{path}")
        return recorded == blob_id(content, self.repository.algorithm)

    def carries(self, path: str) -> bool:
        return is_repository(self.root) and bool(self.repository.git.run("ls-files", "-z", "--", path))

    def recorded(self, directory: str) -> Sequence[str]:
        if not is_repository(self.root) or self.repository.head is None:
            return ()
        found = self.repository.git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD", "--", f"{directory}/")
        return [os.fsdecode(path) for path in found.split(b"\0") if path]

    def recover(self, path: str) -> bytes | None:
        return self.repository.git.ask("cat-file", "blob", f"HEAD:{path}") if is_repository(self.root) else None

    def hide(self, path: str) -> None:
        exclude(self.repository, path)

    def show(self, path: str) -> None:
        include(self.repository, path)

    def stale_files(self) -> Sequence[Path]:
        repository = self.repository
        branch = repository.branch
        shared = [branch, Origin(repository).seen] if branch else []
        names = [ref_of(self.context.clone), *shared]
        refs = [repository.common_dir / f"{name}.lock" for name in names]
        return [repository.git_dir / "HEAD.lock", *refs]

    def repair(self) -> None:
        """Bring the user's index up to a commit of ours that was ended before that was done, and files up to a merge."""
        release(self.repository, self.context.clone)
        self._complete_index()
        Joining(self.repository, self.context).finish()

    @property
    def origin(self) -> str | None:
        url = Origin(self.repository).url if is_repository(self.root) else None
        return None if url is None else shown(url)

    def check_origin(self, url: str) -> str:
        return shown(check_url(url))

    def publish(self, url: str) -> None:
        check_git()
        with self.repository.scratch(self.context.private) as scratch:
            publish(self.repository, url, scratch)

    def fetch(self) -> Incoming | None:
        check_git()
        return fetch(self.repository)

    def check_merge(self, incoming: Incoming) -> None:
        self.check()
        check_merge(self.repository, incoming.tip, self.context.private)

    def merge(self, incoming: Incoming) -> Sequence[str]:
        self.repair()
        self.check()
        get_lfs(self.repository, [incoming.tip], self.context.progress)
        return merge(self.repository, incoming.tip, self.context)

    def way_on(self, verb: str) -> str:
        return (
            f"edit them, `git add` and `git commit` them, then `dws {verb}` again; "
            "`git merge --abort` leaves your files as they were, and all snapshots merged"
        )

    def push(self) -> bool:
        check_git()
        self.repository.check_fit()
        origin = Origin(self.repository)
        if origin.is_ahead():
            send_lfs(self.repository, [str(self.repository.head)])
        return origin.push()

    def is_ahead(self) -> bool:
        return is_repository(self.root) and Origin(self.repository).is_ahead()

    @classmethod
    def clone(cls, url: str, root: Path, context: Context) -> None:
        clone(url, root, context.progress)

    def _complete_index(self) -> None:
        try:
            pending = json.loads(self._pending.read_bytes())
            made, changes = pending["commit"], pending["changes"]
        except (OSError, ValueError, KeyError):
            return
        repository = self.repository
        if repository.git.ask("merge-base", "--is-ancestor", made, "HEAD") is not None:
            wanted = {path: Item(*item) if item else None for path, item in changes.items()}
            with repository.scratch(self.context.private) as scratch:
                add_entries(repository, wanted, scratch, self.context.clone)
        self._pending.unlink(missing_ok=True)

    @property
    def _pending(self) -> Path:
        """Names what the index is to hold once a commit has happened, until it does."""
        return self.context.private / "index-to-be.json"

    def _own_files(self, named: Sequence[str]) -> list[str]:
        there = [path for path in _OWN_FILES if path not in named and (self.root / path).is_file()]
        if self.repository.head is None:
            return there
        recorded = self.repository.git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD", "--", *_OWN_FILES)
        return [path for path in there if path.encode() not in recorded.split(b"\0")]

    def _make_happen(self, made: Made, index: HeldIndex, scratch: Path) -> bool:
        staged = entries(self.repository, [], index.environment)
        overridden = {
            path: item
            for path, item in staged.items()
            if path in made.changes and item not in (made.before.get(path), made.changes[path])
        }
        self._keep_staged(overridden, scratch)
        index.change(made.changes)
        index.prepare()
        write_whole(self._pending, json.dumps({"commit": made.id, "changes": made.changes}).encode())
        if not move_branch(self.repository, made.parent, made.id):
            self._pending.unlink()
            return False
        index.put()
        self._pending.unlink()
        return True

    def _keep_staged(self, overridden: Listing, scratch: Path) -> None:
        """Keep what was staged and is neither what was committed before nor what is now, and say where."""
        if not overridden:
            return
        keep(self.repository, self.context.clone, [commit_for(self.repository, write_tree(self.repository, overridden, scratch))])
        for path, item in overridden.items():
            self.context.progress.warn(
                f"{path} was committed as it is now; what was staged of it differs, and is kept: `git cat-file -p {item.id[:12]}`"
            )
