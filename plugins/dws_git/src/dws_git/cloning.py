"""A clone of a shared workspace, looked at before any file of it is written."""

from collections.abc import Mapping
from pathlib import Path

from dws_core.plugin import Progress
from dws_git.addresses import check_url, shown
from dws_git.arriving import check_arriving, is_workspace
from dws_git.checkout import HEADS
from dws_git.errors import NoWorkspaceThereError
from dws_git.excluding import exclude
from dws_git.git import check_git, git_in, make_repository
from dws_git.large_files import WITHOUT_LFS, get_lfs
from dws_git.lfs import pinned
from dws_git.metadata import METADATA
from dws_git.origin import BRANCHES, REMOTE
from dws_git.publishing import follow, heads_at
from dws_git.repository import Repository
from dws_git.transport import converse, failure
from dws_git.trees import read_tree


def clone(url: str, root: Path, progress: Progress) -> None:
    """Make an empty directory a clone of the workspace at a URL."""
    check_git()
    address = check_url(url)
    heads = heads_at(git_in(root), address)
    branch = _shared_branch(heads, shown(address))
    # Not as the user's git makes a repository: what its template holds may run.
    make_repository(root, "--template=", *(["--object-format=sha256"] if len(heads[branch]) == 64 else []))
    repository = Repository(root)
    repository.git.run("config", f"remote.{REMOTE}.url", address)
    repository.git.run("config", f"remote.{REMOTE}.fetch", BRANCHES)
    ended = converse(repository.git, "fetch", "--quiet", "--tags", "--no-recurse-submodules", REMOTE)
    if ended.status:
        raise failure("clone", address, ended)
    tip = _look_at(repository, branch, shown(address))
    _stand_at(repository, branch, tip, progress)
    exclude(repository, f"{METADATA}/local")


def _shared_branch(heads: Mapping[str, str], url: str) -> str:
    """Choose the branch that the origin names first, or the only one; a new origin may name one that nobody pushed."""
    branches = [name for name in heads if name.startswith(HEADS)]
    likely = branches if len(branches) == 1 else [f"{HEADS}main", f"{HEADS}master"]
    wanted = [heads.get("HEAD", ""), *likely]
    for name in wanted:
        if name in branches:
            return name
    named = ", ".join(name.removeprefix(HEADS) for name in branches[:5])
    raise NoWorkspaceThereError(url, f"it names none of its branches first ({named})" if named else "it is empty")


def _look_at(repository: Repository, branch: str, url: str) -> str:
    """Answer the commit to check out, once nothing in it can do harm."""
    tip = repository.commit_of(f"refs/remotes/{REMOTE}/{branch.removeprefix(HEADS)}")
    if tip is None:
        raise NoWorkspaceThereError(url, f"its branch {branch.removeprefix(HEADS)} is gone")
    tree = read_tree(repository, tip)
    check_arriving(tree, url)
    if not is_workspace(tree):
        raise NoWorkspaceThereError(url, f"{METADATA}/workspace.json is missing")
    return tip


def _stand_at(repository: Repository, branch: str, tip: str, progress: Progress) -> None:
    git = repository.git
    git.run("update-ref", branch, tip)
    git.run("symbolic-ref", "HEAD", branch)
    git.run("symbolic-ref", f"refs/remotes/{REMOTE}/HEAD", f"refs/remotes/{REMOTE}/{branch.removeprefix(HEADS)}")
    follow(repository, branch)
    came = get_lfs(repository, [tip], progress)
    git.run("reset", "--quiet", "--hard", environment=pinned(repository) if came else WITHOUT_LFS)
