"""How two commits of a repository stand to each other."""

from collections.abc import Sequence

from dws_git.addresses import shown
from dws_git.errors import UnrelatedHistoryError
from dws_git.refs import is_id
from dws_git.repository import Repository


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Tell whether a commit holds all that another one does."""
    question = ("merge-base", "--is-ancestor", old, new)
    if is_id(old) and is_id(new):
        return old == new or repository.git.fact(*question).status == 0
    return repository.git.ask(*question) is not None


def common(repository: Repository, head: str, tip: str, url: str) -> Sequence[str]:
    """Answer the last commits that two histories share; UnrelatedHistoryError where there are none."""
    found = repository.git.fact("merge-base", "--all", head, tip)
    if found.status or not found.output:
        raise UnrelatedHistoryError(shown(url))
    return found.output.decode().split()
