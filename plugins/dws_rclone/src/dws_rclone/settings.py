"""What a user may set on a remote of rclone."""

from dataclasses import dataclass

from dws_core.plugin import Scope, Settings, setting


@dataclass(frozen=True)
class RcloneSettings(Settings):
    """Everyone shares the remote's name and path; how this clone reaches it and exchanges with it is its own."""

    remote: str = setting("the remote and the path there, REMOTE:PATH; empty while there is none", argument=True)
    local_path: str | None = setting("the directory of this machine", default=None, argument=True, scope=Scope.PLACE)
    config: str | None = setting(
        "rclone's configuration file (default: the one that rclone uses)", default=None, scope=Scope.CLONE
    )
    master: str = setting(
        "which side counts: remote (pull takes what is new there), local (push sends what is new here), or none (neither goes)",
        default="none",
        choices=("none", "remote", "local"),
        scope=Scope.CLONE,
    )
    sync_mode: str = setting(
        "copy leaves what the master has no more; sync removes it from the other side, where it was not changed",
        default="copy",
        choices=("copy", "sync"),
        scope=Scope.CLONE,
    )
    conflicts: str = setting(
        "what changed on the other side too: stop there, or let the master's count and keep the other one aside",
        default="stop",
        choices=("stop", "master"),
        scope=Scope.CLONE,
    )
    compute_hash: bool = setting(
        "read the remote's files to compare them where it gives no checksums (slow)", default=False, scope=Scope.CLONE
    )
    size_only: bool = setting("compare with the remote by size alone, asking for no checksums", default=False, scope=Scope.CLONE)
    read_only: bool = setting("never send anything to the remote", default=False)
    no_local: bool = setting(
        "keep nothing here: record a listing with checksums, of which nothing can be restored", default=False, editable=False
    )
    hash_type: str | None = setting("the kind of checksum that a listing holds", default=None, editable=False, hidden=True)
