"""One git repository: where it lies, what it stands at, and whether it is fit for use."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from dws_core.errors import PathRefusedError
from dws_git.errors import BrokenRepositoryError, RepositoryRefusedError, UnfinishedGitError
from dws_git.git import Git
from dws_git.refs import is_id, plain_branch, plain_tip

_UNFINISHED = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}


_PARTIAL = re.compile(r"extensions\.partialclone|remote\..*\.promisor", re.DOTALL)
_LONG_AGO = 86400  # seconds after which a scratch directory was left by a command that died


class Repository:
    """A repository whose working tree's top is `top`; making it reads only where its parts lie."""

    def __init__(self, top: Path, objects: Path | None = None) -> None:
        self.top = top
        self._objects = objects
        self.git_dir = _git_dir(top)
        shared = self.git_dir / "commondir"
        self.common_dir = (self.git_dir / shared.read_text().strip()).resolve() if shared.is_file() else self.git_dir
        if not (self.git_dir / "HEAD").is_file() or not (self.common_dir / "objects").is_dir():
            raise BrokenRepositoryError(top, "its directory of objects or its HEAD is missing")

    @cached_property
    def git(self) -> Git:
        """git, which takes this repository and no other, whatever its caller's environment says."""
        places = {
            "GIT_DIR": self.git_dir,
            "GIT_COMMON_DIR": self.common_dir,
            "GIT_WORK_TREE": self.top,
            "GIT_INDEX_FILE": self.index,
            "GIT_OBJECT_DIRECTORY": self._objects or self.common_dir / "objects",
        }
        borrowed = quoted(self.common_dir / "objects") if self._objects else ""
        alternates = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": borrowed}
        return Git(self.top, {**{name: str(path) for name, path in places.items()}, **alternates})

    def beside(self, objects: Path) -> "Repository":
        """The same repository, where what is stored goes to a directory beside it."""
        objects.mkdir(exist_ok=True)
        return Repository(self.top, objects)

    @property
    def index(self) -> Path:
        return self.git_dir / "index"

    @cached_property
    def algorithm(self) -> str:
        """How objects are named: sha1, or sha256."""
        return self.setting("extensions.objectFormat") or "sha1"

    @property
    def zero(self) -> str:
        """The id that names nothing."""
        return "0" * (64 if self.algorithm == "sha256" else 40)

    @property
    def head(self) -> str | None:
        """The commit that is checked out; None on a branch that has none yet."""
        branch = plain_branch(self.git_dir)
        plain = plain_tip(self.common_dir / branch if branch else self.git_dir / "HEAD")
        return plain or self.git.answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    @property
    def is_bare(self) -> bool:
        """Tell whether it is set up to have no working tree."""
        return self.git_dir == self.common_dir and self.setting("core.bare") == "true"

    @property
    def branch(self) -> str | None:
        """The branch that is checked out, `refs/heads/main`; None with a detached HEAD."""
        return plain_branch(self.git_dir) or self.git.answer("symbolic-ref", "--quiet", "HEAD")

    @property
    def remote_origin_url(self) -> str | None:
        return self.setting("remote.origin.url")

    def setting(self, name: str) -> str | None:
        """A value of git's configuration."""
        return self.git.configuration.get(name)

    def commit_of(self, name: str) -> str | None:
        """The commit that a ref or an id names."""
        plain = plain_tip(self.common_dir / name) if name.startswith(("refs/heads/", "refs/remotes/", "refs/dws/")) else None
        return plain or self.git.answer("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")

    def tree_of(self, commit: str) -> str:
        """The tree of a commit, which is given by its id."""
        question = ("rev-parse", "--verify", f"{commit}^{{tree}}")
        ended = self.git.fact(*question) if is_id(commit) else None
        return self.git.line(*question) if ended is None or ended.status else ended.output.decode().strip()

    def refs(self, prefix: str) -> dict[str, str]:
        """The refs below a prefix that ends with a slash, by their whole names, and the objects that they lead to."""
        found = self.git.run("for-each-ref", "--format=%(refname) %(objectname)", prefix)
        lines = (line.rpartition(" ") for line in os.fsdecode(found).splitlines())
        return {name: identity for name, _, identity in lines}

    def has(self, identity: str) -> bool:
        """Tell whether an object is there."""
        return self.git.ask("cat-file", "-e", identity) is not None

    def unfinished(self) -> str | None:
        """Name what the user has begun and not finished: a merge, a rebase …"""
        return next((what for name, what in _UNFINISHED.items() if (self.git_dir / name).exists()), None)

    def check_at_rest(self) -> None:
        """Raise an UnfinishedGitError in the middle of a merge, a rebase, a cherry-pick, a revert or a bisect."""
        what = self.unfinished()
        if what is not None:
            raise UnfinishedGitError(self.top, what)

    def check_fit(self) -> None:
        """Raise an error, with the reason, where content could not be kept or brought back."""
        if (self.common_dir / "shallow").exists():
            raise RepositoryRefusedError(self.top, "it is a shallow clone", "complete it with `git fetch --unshallow`")
        if any(_PARTIAL.fullmatch(name) for name in self.git.configuration.names()):
            raise RepositoryRefusedError(self.top, "it is a partial clone", "clone it again without `--filter`")
        self.check_whole()
        head = self.head
        if head is None or self.git.fact("rev-parse", "--verify", "--quiet", f"{head}^{{commit}}").status:
            raise BrokenRepositoryError(self.top, "its HEAD leads to no commit")

    def check_whole(self) -> None:
        """Refuse a working tree that git left a part of out of: those files would count as removed."""
        if (self.setting("core.sparseCheckout") or "false").lower() in ("true", "1", "yes", "on"):
            raise RepositoryRefusedError(self.top, "only a part is checked out", "run `git sparse-checkout disable` in it")

    @contextmanager
    def scratch(self, private: Path) -> Iterator[Path]:
        """A directory for a moment: an index of our own, texts for git to read."""
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in private.glob("scratch-*"):
            with suppress(OSError):
                if left.stat().st_mtime < time.time() - _LONG_AGO:
                    shutil.rmtree(left)
        made = Path(tempfile.mkdtemp(prefix="scratch-", dir=private))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def top_above(path: Path) -> Path | None:
    """Find the top of the repository that holds a directory, or the repository's own directory where it has no other."""
    for directory in (path, *path.parents):
        if (directory / ".git").exists() or is_bare(directory):
            return directory
    return None


def is_repository(path: Path) -> bool:
    """Tell whether a directory is the top of a repository's working tree."""
    return (path / ".git").exists()


def is_bare(path: Path) -> bool:
    """Tell whether a directory is a repository without a working tree."""
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()


def check_top(path: Path) -> None:
    """Refuse a place that is no repository's top though it lies in one, naming the top."""
    top = top_above(path)
    if top is not None and top != path:
        raise PathRefusedError(
            path, f"it lies inside the git repository {top}", hint=f"use {top} itself, or a directory outside it"
        )


def quoted(path: Path) -> str:
    """Write a path as git reads it in a list of places for objects."""
    text = str(path)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return text if text == escaped and ":" not in text else f'"{escaped}"'


def _git_dir(top: Path) -> Path:
    found = top / ".git"
    if found.is_dir():
        return found
    if not found.is_file():
        raise RepositoryRefusedError(top, "it is no git repository", f"make it one with `git -C {top} init`")
    said = os.fsdecode(found.read_bytes()).strip()
    place = (top / said.removeprefix("gitdir:").strip()).resolve()
    if not said.startswith("gitdir:") or not place.is_dir():
        raise BrokenRepositoryError(top, "its .git leads nowhere")
    return place
