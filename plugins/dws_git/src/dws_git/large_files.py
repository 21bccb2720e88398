"""What git-lfs keeps of the workspace's own repository: sent before the history, and got before files are written."""

from collections.abc import Mapping, Sequence

from dws_core.errors import DwsError
from dws_core.plugin import Progress
from dws_git.lfs import pull_lfs, push_lfs, uses_lfs
from dws_git.listing import Item
from dws_git.origin import REMOTE
from dws_git.pointers import pointers
from dws_git.repository import Repository

WITHOUT_LFS = {
    "GIT_CONFIG_PARAMETERS": "'filter.lfs.process=' 'filter.lfs.smudge=' 'filter.lfs.clean=' 'filter.lfs.required=false'"
}
"""Lets a checkout write what stands for a large file in git, where its content did not come, or git-lfs is not there at all."""


def send_lfs(repository: Repository, commits: Sequence[str]) -> None:
    """Send what git-lfs keeps of these commits; an error where that cannot be done, since others could not use them."""
    push_lfs(repository, REMOTE, commits)


def get_lfs(repository: Repository, commits: Sequence[str], progress: Progress) -> bool:
    """Get what git-lfs keeps of these commits; where it does not come, that is told once, and all else goes on."""
    try:
        pull_lfs(repository, REMOTE, commits)
    except DwsError as error:
        progress.warn(f"what git-lfs keeps did not come, and `git lfs pull` gets it later: {error.message}")
        return False
    return True


def absent(repository: Repository, tip: str, items: Mapping[str, Item]) -> set[str]:
    """Name those of these files whose content git-lfs keeps, and which is not here."""
    if not uses_lfs(repository, [tip]):
        return set()
    return {path for path, pointer in pointers(repository, items).items() if not pointer.is_here(repository)}
