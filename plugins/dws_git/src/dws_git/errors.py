"""What only git can refuse."""

import os

from dws_core.errors import ContentError, PathRefusedError, ResourceError


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
