"""What snapshots name stays reachable: one ref of this clone, a chain of commits whose parents are what must live."""

import time
from collections.abc import Sequence
from contextlib import suppress

from dws_core.errors import ToolFailedError
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


def commit_for(repository: Repository, tree: str, parents: Sequence[str] = ()) -> str:
    """Make the one commit of a tree that we keep it by."""
    ancestry = [word for parent in parents for word in ("-p", parent)]
    return repository.git.line("commit-tree", *ancestry, "-m", "content of a snapshot", tree, environment=_NOBODY)


def keep(repository: Repository, clone: str, commits: Sequence[str]) -> None:
    """Make sure that git's housekeeping leaves these commits and all below them alone."""
    ref = ref_of(clone)
    for attempt in range(_TRIES):
        tip = repository.commit_of(ref)
        fresh = [each for each in dict.fromkeys(commits) if tip is None or not _is_below(repository, each, tip)]
        if not fresh:
            return
        parents = [*([tip] if tip else []), *fresh]
        chained = commit_for(repository, repository.git.line("rev-parse", f"{fresh[0]}^{{tree}}"), parents)
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


def _is_below(repository: Repository, commit: str, tip: str) -> bool:
    return repository.git.ask("merge-base", "--is-ancestor", commit, tip) is not None
