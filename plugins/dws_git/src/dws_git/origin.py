"""The origin of a workspace's repository: the branch that is checked out, as others see it."""

import os
import time

from dws_core.errors import NotPublishedError
from dws_git.ancestry import is_ancestor
from dws_git.checkout import HEADS
from dws_git.errors import DetachedHeadError
from dws_git.git import Outcome
from dws_git.refs import plain_tip
from dws_git.repository import Repository
from dws_git.transport import converse, failure

REMOTE = "origin"
BRANCHES = f"+{HEADS}*:refs/remotes/{REMOTE}/*"
_TRIES = 5


class Origin:
    """Where a repository is pushed to and pulled from."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    @property
    def url(self) -> str | None:
        """The address, as git was told it."""
        found = self._repository.git.configuration.all(f"remote.{REMOTE}.url")
        return found[0] if found else None

    @property
    def branch(self) -> str:
        """The branch that is shared, `refs/heads/main`."""
        found = self._repository.branch
        if found is None:
            raise DetachedHeadError(self._repository.top)
        return found

    @property
    def seen(self) -> str:
        """The ref that keeps what the origin's branch was when it was last seen."""
        return f"refs/remotes/{REMOTE}/{self.branch.removeprefix(HEADS)}"

    def fetch(self) -> str | None:
        """Get the branch, and answer the commit that it ends at; None where the origin has no such branch yet."""
        url = self._check_url()
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-prune")
        ended = converse(self._repository.git, "fetch", *options, REMOTE, f"+{self.branch}:{self.seen}")
        if ended.status and "couldn't find remote ref" in ended.said:
            self._repository.git.run("update-ref", "-d", self.seen)
            return None
        if ended.status:
            raise failure("get what is new at", url, ended)
        return self._repository.commit_of(self.seen)

    def push(self) -> bool:
        """Send HEAD to the branch; False where the origin has something that HEAD has not."""
        url, head = self._check_url(), self._repository.head
        options = ("--porcelain", "--quiet", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no")
        for attempt in range(_TRIES):
            ended = converse(self._repository.git, "push", *options, REMOTE, f"{head}:{self.branch}")
            if not ended.status:
                if plain_tip(self._repository.common_dir / self.seen) != head:  # git knows of it where the remote says so
                    self._repository.git.run("update-ref", self.seen, str(head))
                return True
            if _is_behind(ended):
                return False
            if attempt == _TRIES - 1 or not _met_another(ended):
                break
            time.sleep(0.1 * (attempt + 1))
        raise failure("push to", url, ended)

    def is_ahead(self) -> bool:
        """Tell whether HEAD has what the branch had not when it was last seen."""
        head = self._repository.head
        if self.url is None or self._repository.branch is None or head is None:
            return False
        seen = self._repository.commit_of(self.seen)
        return seen is None or not is_ancestor(self._repository, head, seen)

    def _check_url(self) -> str:
        url = self.url
        if url is None:
            raise NotPublishedError
        return url


def _is_behind(ended: Outcome) -> bool:
    said = _rejection(ended)
    return "[rejected]" in said


def _met_another(ended: Outcome) -> bool:
    """Tell whether somebody pushes at this moment, so that another try will tell more."""
    said = f"{_rejection(ended)}\n{ended.said}"
    return any(word in said for word in ("cannot lock ref", "failed to update ref", "incorrect old value", "failed to lock"))


def _rejection(ended: Outcome) -> str:
    lines = os.fsdecode(ended.output).splitlines()
    return next((line for line in lines if line.startswith("!")), "")
