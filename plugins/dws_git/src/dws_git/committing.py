"""A commit made by plumbing: an index of its own, no hook, no signing prompt, nothing but what is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import ToolFailedError
from dws_git.blobs import store_texts
from dws_git.index import entries
from dws_git.listing import DIRECTORY, FILE, Item, Listing
from dws_git.repository import Repository
from dws_git.trees import index_lines, read_tree


@dataclass(frozen=True)
class Made:
    """A commit that no branch leads to yet: its id, its parent, and what it changes by path (None is taken out)."""

    id: str
    parent: str | None
    before: Mapping[str, Item]
    changes: Mapping[str, Item | None]


def make_commit(
    repository: Repository,
    message: str,
    files: Sequence[str],
    trees: Mapping[str, str],
    author: tuple[str, str],
    scratch: Path,
) -> Made | None:
    """Commit these files as they are, and at these directories these trees, onto HEAD; None if that changes nothing."""
    parent = repository.head
    own = {"GIT_INDEX_FILE": str(scratch / "index-of-commit")}
    (scratch / "index-of-commit").unlink(missing_ok=True)
    repository.git.run("read-tree", *([parent] if parent else ["--empty"]), environment=own)
    before = entries(repository, [*files, *trees], own)
    after = _after(repository, files, trees, scratch)
    changes: dict[str, Item | None] = {path: None for path in before if path not in after}
    changes.update({path: item for path, item in after.items() if before.get(path) != item})
    if not changes:
        return None
    lines = index_lines(changes, repository.zero)
    repository.git.run("update-index", "--replace", "-z", "--index-info", given=lines, environment=own)
    tree = repository.git.line("write-tree", environment=own)
    return Made(write_commit(repository, tree, [parent] if parent else [], message, author), parent, before, changes)


def write_commit(repository: Repository, tree: str, parents: Sequence[str], message: str, author: tuple[str, str]) -> str:
    """Write a commit that no branch leads to yet, in the user's name."""
    said = message.replace("\0", "").encode("utf-8", "backslashreplace")
    ancestry = [word for parent in parents for word in ("-p", parent)]
    write = ("commit-tree", *ancestry, "-F", "-", tree)
    own = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.useConfigOnly", "GIT_CONFIG_VALUE_0": "true"}
    made = repository.git.ask(*write, given=said, environment=own)
    if made is None:  # git does not know who the user is; whatever else it was, it says again
        made = repository.git.run(*write, given=said, environment=_as_given(author))
    return made.decode().strip()


def move_branch(repository: Repository, old: str | None, new: str) -> bool:
    """Make a commit happen: the branch (or a detached HEAD) goes from the old one to it; False if it is elsewhere by now."""
    branch = repository.branch
    target = [branch] if branch else ["--no-deref", "HEAD"]
    try:
        repository.git.run("update-ref", "-m", "dws", *target, new, old or repository.zero)
    except ToolFailedError:
        if repository.head != old:
            return False
        raise
    return True


def _after(repository: Repository, files: Sequence[str], trees: Mapping[str, str], scratch: Path) -> Listing:
    contents = [(repository.top / path).read_bytes() for path in files]
    stored = store_texts(repository, contents, scratch)
    after = {path: Item(FILE, identity) for path, identity in zip(files, stored, strict=True)}
    for prefix, tree in trees.items():
        after.update({f"{prefix}/{path}": item for path, item in read_tree(repository, tree).items()})
    return {path: item for path, item in after.items() if item.mode != DIRECTORY}


def _as_given(author: tuple[str, str]) -> Mapping[str, str]:
    name, mail = author
    return {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", name), ("EMAIL", mail))}
