"""What a repository stands at: its HEAD and its index, brought to a commit once the files are there."""

import os
import shutil
from pathlib import Path

from dws_git.index import held
from dws_git.keeping import commit_for
from dws_git.repository import Repository

HEADS = "refs/heads/"


def staged_commit(repository: Repository, commit: str, scratch: Path) -> str:
    """Answer the commit that keeps what is staged; "" where the index is as the commit says."""
    if not repository.index.exists():
        return ""
    copy = scratch / "index-as-staged"
    shutil.copy2(repository.index, copy)
    tree = repository.git.line("write-tree", environment={"GIT_INDEX_FILE": str(copy)})
    if tree == repository.tree_of(commit):
        return ""
    return commit_for(repository, tree, [commit])


def switch(repository: Repository, commit: str, branches: list[str]) -> str | None:
    """Make HEAD lead to a commit: by the first of these branches whose tip it is, else detached; the branch, None if detached."""
    current = repository.branch
    if repository.head == commit:
        return (current or "").removeprefix(HEADS) or None
    elsewhere = _checked_out_elsewhere(repository)
    for branch in branches:
        ref = HEADS + branch
        if ref not in elsewhere and repository.commit_of(ref) == commit:
            repository.git.run("symbolic-ref", "-m", "dws restore", "HEAD", ref)
            return branch
    repository.git.run("update-ref", "--no-deref", "-m", "dws restore", "HEAD", commit)
    return None


def set_index(repository: Repository, tree: str, scratch: Path, owner: str) -> None:
    """Make the index what a tree or commit says; entries that are so already keep what git knows of their files."""
    with held(repository, scratch, owner) as index:
        repository.git.run("read-tree", "--reset", tree, environment=index.environment)
        index.refresh()
        index.prepare()
        index.put()


def _checked_out_elsewhere(repository: Repository) -> set[str]:
    """Name the branches that other working trees of the repository have checked out."""
    found: set[str] = set()
    here = os.fsencode(repository.top)
    for block in repository.git.run("worktree", "list", "--porcelain").split(b"\n\n"):
        lines = block.split(b"\n")
        if lines[0] != b"worktree " + here:
            found.update(os.fsdecode(line[7:]) for line in lines if line.startswith(b"branch "))
    return found
