"""What a user may set on a directory of a server."""

from dataclasses import dataclass

from dws_core.plugin import Scope, Settings, setting


@dataclass(frozen=True, kw_only=True)
class SshSettings(Settings):
    """Where the directory is, which every clone knows; how this clone gets there, and what it takes on trust."""

    address: str = setting("the directory: [USER@]HOST[:PORT]:/PATH", argument=True, editable=False)
    local_path: str | None = setting(
        "keep a copy in this directory, which is the resource then, and is pushed to and pulled from the server",
        default=None,
        scope=Scope.PLACE,
        editable=False,
    )
    read_only: bool = setting("write nothing there: a restore then has a version seen, and changes nothing", default=False)
    in_place: bool = setting(
        "keep no content: record a listing with hashes, of which nothing can be restored", default=False, editable=False
    )
    identity: str | None = setting("the file of the key to log in with", default=None, scope=Scope.CLONE)
    user: str | None = setting("who logs in from this clone, if it is another user", default=None, scope=Scope.CLONE)
    host: str | None = setting("what this clone calls the server, if it is another name", default=None, scope=Scope.CLONE)
    trust_mtime: bool = setting(
        "take a file of the same size and time as unchanged, which may miss an edit", default=False, scope=Scope.CLONE
    )
