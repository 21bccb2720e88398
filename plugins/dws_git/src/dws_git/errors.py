"""What only git can refuse."""

import os
from collections.abc import Sequence

from dws_core.errors import ContentError, MissingObjectError, PathRefusedError, ResourceError


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
