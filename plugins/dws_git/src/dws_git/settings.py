"""What a user may set on a git repository, or on a directory of the workspace's own."""

from dataclasses import dataclass

from dws_core.plugin import Scope, Settings, setting


@dataclass(frozen=True, kw_only=True)
class GitSettings(Settings):
    """The settings of `git`, in the order in which reports show them."""

    remote_origin_url: str | None = setting("where the repository was cloned from", default=None, editable=False, hidden=True)
    relative_local_path: str = setting("the repository's directory", argument=True, scope=Scope.PLACE, editable=False)
    branch: str | None = setting("the branch to use (default: the one that is checked out)", default=None)
    read_only: bool = setting("never push to the repository's origin", default=False)


@dataclass(frozen=True)
class GitSubdirectorySettings(Settings):
    """The settings of `git-subdirectory`."""

    relative_path: str = setting("the directory in the workspace", argument=True, scope=Scope.PLACE, editable=False)


@dataclass(frozen=True)
class GitBackendSettings(Settings):
    """What `dws init` asks for with the git backend."""

    git_lfs_attributes: tuple[str, ...] = setting("patterns of files that git-lfs keeps, as in *.zip,*.bin", default=())
