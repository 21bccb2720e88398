"""What snapshots name stays reachable: one ref of this clone, a chain of commits whose parents are what must live."""

import time
from collections.abc import Sequence
from contextlib import suppress

from dws_core.errors import ToolFailedError
from dws_core.model.version import Version
from dws_git.ancestry import is_ancestor
from dws_git.blobs import missing
from dws_git.repository import Repository

# The same tree gets the same commit, whoever makes it and whenever, so that keeping it again changes nothing.
_NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Data Workspaces"), ("EMAIL", "dws@localhost"), ("DATE", "@0 +0000"))
}
_TRIES = 5


def ref_of(clone: str) -> str:
    """The ref of a clone that keeps what its snapshots name."""
    return f"refs/dws/{clone}"


def names_in(version: Version) -> list[str]:
    """What a recorded version names in its repository: a commit, what was staged on it, and a tree of what was there."""
    facts = (version.data.get(name) for name in ("commit", "staged", "tree"))
    return [name for name in facts if isinstance(name, str) and name.isalnum()]


def roots_of(repository: Repository, versions: Sequence[Version]) -> list[str]:
    """The commits that all of these versions lie below, of those that are all here."""
    absent = missing(repository, (name for version in versions for name in names_in(version)))
    found: dict[tuple[str, ...], list[str]] = {}
    for version in versions:
        names = tuple(names_in(version))
        if names and names not in found and absent.isdisjoint(names):
            has_tree = names[-1] == version.data.get("tree")
            found[names] = [commit_for(repository, names[-1], names[:-1])] if has_tree else list(names)
    return list(dict.fromkeys(root for roots in found.values() for root in roots))


def commit_for(repository: Repository, tree: str, parents: Sequence[str] = ()) -> str:
    """Make the one commit of a tree that we keep it by."""
    ancestry = [word for parent in parents for word in ("-p", parent)]
    return repository.git.line("commit-tree", *ancestry, "-m", "content of a snapshot", tree, environment=_NOBODY)


def keep(repository: Repository, clone: str, commits: Sequence[str]) -> None:
    """Make sure that git's housekeeping leaves these commits and all below them alone."""
    ref = ref_of(clone)
    for attempt in range(_TRIES):
        tip = repository.commit_of(ref)
        fresh = [each for each in dict.fromkeys(commits) if tip is None or not is_ancestor(repository, each, tip)]
        if not fresh:
            return
        chained = chain(repository, tip, fresh)
        try:
            repository.git.run("update-ref", ref, chained, tip or repository.zero)
            return
        except ToolFailedError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.05)
            # This ref is written under the workspace's lock alone: a lock file of it was left by a command that died.
            with suppress(FileNotFoundError):
                (repository.common_dir / f"{ref}.lock").unlink()


def chain(repository: Repository, tip: str | None, commits: Sequence[str]) -> str:
    """Make a commit that these, and what was kept before, lie below."""
    return commit_for(repository, repository.tree_of(commits[0]), [*([tip] if tip else []), *commits])
