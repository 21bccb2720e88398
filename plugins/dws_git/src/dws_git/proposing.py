"""What `dws add git PATH` would record: a repository of its own, or a directory of the workspace's."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from dws_core.errors import PathMissingError
from dws_core.model.role import Role
from dws_core.plugin import Proposal
from dws_git.addresses import shareable, url_in
from dws_git.checkout import HEADS
from dws_git.errors import CloneFirstError, RepositoryRefusedError
from dws_git.repository import Repository, check_top, is_bare, is_repository, top_above
from dws_git.settings import GitSettings, GitSubdirectorySettings
from dws_git.subdirectory import SUBDIRECTORY, GitSubdirectory


def propose(settings: GitSettings, role: Role, root: Path) -> Proposal[Any]:
    """Check and complete the settings of a repository; change nothing."""
    path = root / settings.relative_local_path
    if not path.is_dir():
        url = url_in(settings.relative_local_path)
        raise CloneFirstError(url) if url else PathMissingError(path)
    if not is_repository(path):
        return _propose_subdirectory(settings, role, root, path)
    repository = Repository(path)
    if repository.is_bare:
        raise RepositoryRefusedError(path, "it is a bare repository", "clone it, and add the clone")
    repository.check_fit()
    repository.check_at_rest()
    branch = (repository.branch or "").removeprefix(HEADS) or None
    if settings.branch not in (None, branch):
        raise RepositoryRefusedError(
            path, f"it stands at {branch or 'a detached HEAD'}", f"run `git -C {path} switch {settings.branch}` first"
        )
    url = shareable(repository.remote_origin_url, path, root)
    return Proposal(replace(settings, remote_origin_url=url, branch=branch), path.name, path)


def _propose_subdirectory(settings: GitSettings, role: Role, root: Path, path: Path) -> Proposal[Any]:
    """A directory of the workspace's own repository is of another type of ours; any other is refused."""
    if is_repository(root) and path.is_relative_to(root) and top_above(path) == root:
        proposal = GitSubdirectory.propose(GitSubdirectorySettings(settings.relative_local_path), role, root)
        return replace(proposal, type=SUBDIRECTORY)
    if is_bare(path):
        raise RepositoryRefusedError(path, "it is a bare repository", "clone it, and add the clone")
    check_top(path)
    raise RepositoryRefusedError(path, "it is no git repository", f"use `dws add local-files {path}`, or `git -C {path} init`")
