"""What only git can refuse."""

import os
from collections.abc import Sequence

from dws_core.errors import (
    ContentError,
    MissingObjectError,
    NamingError,
    PathRefusedError,
    ResourceError,
    ToolFailedError,
    WorkspaceError,
)

_SHOWN = 10


class RepositoryRefusedError(PathRefusedError):
    """A repository that content could not be kept in, or brought back to."""

    def __init__(self, path: str | os.PathLike[str], reason: str, next_step: str) -> None:
        super().__init__(path, reason, hint=next_step)


class BrokenRepositoryError(RepositoryRefusedError):
    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(path, f"as a git repository it is broken or empty: {reason}", f"look at it with `git -C {path} fsck`")


class UnfinishedGitError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], what: str) -> None:
        way = "`git bisect reset`" if what == "bisect" else f"`git {what} --continue` or `git {what} --abort`"
        super().__init__(f"a {what} is under way in {os.fspath(path)}", hint=f"finish it with {way}, then try again")


class IndexBusyError(ResourceError):
    def __init__(self, lock: str | os.PathLike[str]) -> None:
        super().__init__(
            f"another git command is at work ({os.fspath(lock)} exists)",
            hint="wait until it is done; if there is none, remove that file, then try again",
        )


class BranchMovedError(ContentError):
    def __init__(self, ref: str) -> None:
        super().__init__(f"{ref} moves all the time, so nothing could be committed to it", hint="wait, then try again")


class DirtySubmoduleError(ResourceError):
    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(
            f"the submodule {os.fspath(path)} holds changes that are not committed",
            hint="commit them in the submodule, or add it as a resource of its own",
        )


class IgnoredInTheWayError(ResourceError):
    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(path)} is ignored by git, so it was never kept, and restoring would overwrite it",
            hint="move it away, then try again",
        )


class CloneFirstError(ResourceError):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} is a URL, and a resource is a local clone", hint=f"`git clone {url}`, then `dws add git` the clone"
        )


class UrlRefusedError(NamingError):
    def __init__(self, url: str, reason: str, *, next_step: str = "") -> None:
        super().__init__(
            f"{url!r} cannot be an origin: {reason}",
            hint=next_step or "give a path, or a URL of file, ssh, https, http or git, as `git clone` takes it",
        )


class DetachedHeadError(WorkspaceError):
    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(path)} has a detached HEAD, and what is shared is a branch",
            hint="go to a branch with `git switch BRANCH`, or make one here with `git switch -c BRANCH`",
        )


class UnrelatedHistoryError(WorkspaceError):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} holds a history that has nothing in common with this workspace's",
            hint="make an empty repository (without a README) and publish to that, or get the other workspace with `dws clone`",
        )


class HarmfulHistoryError(WorkspaceError):
    """A history that this program would not have written; whoever made it may mean harm."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"nothing was taken from {url}, since it would do harm here: {reason}",
            hint="ask whoever pushed it, and let it be taken out of the repository",
        )


class NoWorkspaceThereError(WorkspaceError):
    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"there is no workspace at {url}: {reason}",
            hint="look at the address; a workspace is put there with `dws publish URL`",
        )


class UnsavedWorkError(ResourceError):
    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(
            f"what others changed would overwrite what is recorded nowhere here: {_named(paths)}",
            hint="take a snapshot with `dws snapshot`, or commit or move away those files, then `dws pull` again",
        )


class StagedWorkError(ResourceError):
    def __init__(self, paths: Sequence[str], conflicts: Sequence[str]) -> None:
        super().__init__(
            f"{_named(conflicts)} was changed here and by others, and git merges that only with nothing staged: {_named(paths)}",
            hint="commit what is staged, or take it back with `git restore --staged`, then `dws pull` again",
        )


class OriginFailedError(ToolFailedError):
    def __init__(self, action: str, url: str, reason: str, next_step: str) -> None:
        super().__init__("git", f"{action} {url}", reason, hint=next_step)


def _named(paths: Sequence[str]) -> str:
    shown = sorted(paths)
    return ", ".join(shown[:_SHOWN]) + (f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else "")


class OriginRefusedError(ResourceError):
    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url!r} is no URL that a repository is obtained from: that is git, http, https or ssh, and a host",
            hint="if you trust it, clone it by hand to where the resource lies, then `dws pull`",
        )


class LocalOriginError(ResourceError):
    def __init__(self, url: str, place: str | os.PathLike[str]) -> None:
        super().__init__(
            f"its origin {url!r} is a path of some machine, which is not followed unasked",
            hint=f"if you know it, `git clone -- PATH {os.fspath(place)}`, then `dws pull`",
        )


class NoOriginError(ResourceError):
    def __init__(self, place: str | os.PathLike[str]) -> None:
        super().__init__(
            f"nothing says where {os.fspath(place)} can be obtained from",
            hint="ask whoever added it for a copy of the repository, put it there, then `dws pull`",
        )


class DivergedError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], branch: str, ahead: int, behind: int) -> None:
        super().__init__(
            f"{os.fspath(path)} and its origin went different ways: {branch} has {ahead} commits here that are not there, "
            f"and {behind} there that are not here",
            hint=f"bring them together with `git -C {os.fspath(path)} pull --no-rebase origin {branch}`, then `dws push`",
        )


class UnsavedInTheWayError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], names: Sequence[str]) -> None:
        shown = ", ".join(repr(name) for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        super().__init__(
            f"what its origin has would overwrite what is not committed in {os.fspath(path)}: {shown}",
            hint=f"commit it, or put it aside with `git -C {os.fspath(path)} stash -u`, then try again",
        )


class MissingCommitError(MissingObjectError):
    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.hint = "`dws pull` gets what was pushed; otherwise it is only in the clone that made the snapshot"


class MissingLargeFileError(MissingObjectError):
    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"the content of {path}, which git-lfs keeps ({reason})")
        self.hint = "let whoever made the snapshot `dws push` it, and see that `git lfs fetch` works here; then try again"
