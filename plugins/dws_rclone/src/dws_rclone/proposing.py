"""What `dws add rclone --no-local` would record, after a look at the remote."""

from dataclasses import replace
from pathlib import Path

from dws_core.errors import InvalidSettingError
from dws_core.plugin import ListedResourceType, Proposal
from dws_rclone.configured import rclone_of, with_whole_config
from dws_rclone.listing import READ_HASH, check_there, hash_kind
from dws_rclone.rclone import check_rclone
from dws_rclone.remote import Remote
from dws_rclone.settings import RcloneSettings

LISTED = "rclone-listed"
"""The type of a remote of which only a listing is recorded."""


def propose_listed(settings: RcloneSettings, root: Path) -> Proposal[RcloneSettings]:
    """Complete the settings, once the directory is found to be there: which checksums it gives, all clones are to ask for."""
    if settings.local_path is not None:
        raise InvalidSettingError("local_path", settings.local_path, "nothing beside --no-local")
    check_rclone()
    settings = with_whole_config(settings)
    remote, rclone = Remote.parse(settings.remote), rclone_of(settings, root)
    check_there(rclone, remote)
    settings = replace(settings, no_local=True, hash_type=hash_kind(rclone, remote) or None)
    name = remote.path.rstrip("/").rpartition("/")[2] or remote.name
    return Proposal(settings, name, type=LISTED, remarks=(ListedResourceType.REMARK, *_remarks(settings, remote)))


def _remarks(settings: RcloneSettings, remote: Remote) -> tuple[str, ...]:
    if settings.size_only:
        return ("Files are told apart by size alone (--size-only): a change that keeps it is missed.",)
    if settings.hash_type is not None:
        return (f"Files are told apart by the {settings.hash_type} that {remote.name} gives of them.",)
    if settings.compute_hash:
        return (f"{remote.name} gives no checksums, so each look reads all files (--compute-hash) for their {READ_HASH}.",)
    return (
        f"{remote.name} gives no checksums: a change that keeps size and time is missed; --compute-hash reads all files instead.",
    )
