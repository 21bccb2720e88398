"""What only rclone, or a remote of it, can refuse."""

import os
from collections.abc import Sequence

from dws_core.errors import NamingError, ResourceError, SettingError, ToolError, ToolFailedError

_SHOWN = 10


class RemoteRefusedError(NamingError):
    def __init__(self, text: str, reason: str) -> None:
        super().__init__(
            f"{text!r} cannot be used as a remote: {reason}",
            hint="give REMOTE:PATH, where `rclone listremotes` lists REMOTE; options belong into `rclone config`",
        )


class RemoteUnknownError(ToolError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"this user's rclone knows no remote {name!r}",
            hint="make it with `rclone config`, or tell this clone of the file that has it: "
            "`dws config --resource NAME config FILE`",
        )


class NothingThereError(ToolError):
    def __init__(self, place: str, next_step: str = "") -> None:
        super().__init__(
            f"there is no directory {place}",
            hint=next_step
            or "correct the path with `dws config --resource NAME remote REMOTE:PATH`, or let whoever has the files `dws push`",
        )


class RemoteDirectoryMissingError(NothingThereError, FileNotFoundError):
    """There is nothing of which a listing could be made, as whoever asks for the content of nothing expects."""

    def __init__(self, place: str) -> None:
        super().__init__(place, "see with `rclone lsd` what the remote has, and correct the path; it may be empty or away")


class LocalPathNeededError(SettingError):
    def __init__(self, remote: str) -> None:
        super().__init__(
            f"a directory of this machine is needed, to be the other side of {remote or 'a remote'}",
            hint="give LOCAL_PATH after the remote; or `--no-local`, which keeps nothing here and records a listing",
        )


class HashUnknownError(SettingError):
    def __init__(self, name: str, kind: str) -> None:
        super().__init__(
            f"the record of {name!r} names {kind!r} as a kind of checksum, which is none",
            hint="leave it with `--leave`, and ask whoever added it",
        )


class RcloneFailedError(ToolFailedError):
    """What rclone could not do, in its own words; the file is named where it was one."""

    def __init__(self, action: str, reason: str, next_step: str = "") -> None:
        super().__init__(
            "rclone", action, reason, hint=next_step or "see that `rclone lsd REMOTE:` works as this user, then try again"
        )


class TransferFailedError(RcloneFailedError):
    def __init__(self, action: str, paths: Sequence[str]) -> None:
        super().__init__(
            action, f"not all of it came through: {_named(paths)}", "somebody may be changing it: wait, then try again"
        )


class BothChangedError(ResourceError):
    def __init__(self, name: str, remote: str, paths: Sequence[str]) -> None:
        super().__init__(
            f"{name} and {remote} both changed, so nothing was overwritten: {_named(paths)}",
            hint=f"let one be as the other (or move it away), or take the master's with "
            f"`dws config --resource {name} conflicts master`; what is replaced is kept",
        )


class ReservedThereError(ResourceError):
    def __init__(self, remote: str, names: Sequence[str]) -> None:
        super().__init__(
            f"{remote} holds what cannot lie in a resource: {_named(names)}",
            hint="move it away at the remote, or name a directory below",
        )


class InTheWayError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], remote: str) -> None:
        super().__init__(
            f"something lies in {os.fspath(path)} already, so {remote} was not copied there",
            hint="move it away, then `dws pull`",
        )


def _named(paths: Sequence[str]) -> str:
    shown = [ascii(path) if not path.isprintable() else path for path in sorted(paths)[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
