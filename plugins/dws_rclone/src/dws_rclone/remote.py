"""The name of a remote and a path there: checked, since it may come from a stranger's workspace."""

import re
from dataclasses import dataclass

from dws_rclone.errors import RemoteRefusedError

KEPT = ".dws-replaced"
"""The directory, beside or in the path, that holds what was replaced or removed there."""

# What rclone takes for the name of a configured remote. A comma or an equals sign would make it a connection string, a colon in
# front a remote that is made on the fly: both can start programs, or name another place than the user's configuration does.
_NAME = re.compile(r"[A-Za-z0-9_.+@][A-Za-z0-9_.+@ -]*")
_LONGEST = 2000


@dataclass(frozen=True)
class Remote:
    """A remote of this user's configuration, and a path there ("" is its top)."""

    name: str
    path: str

    @classmethod
    def parse(cls, text: str) -> "Remote":
        """Read REMOTE:PATH; RemoteRefusedError for anything else that rclone would take."""
        name, colon, path = text.partition(":")
        if not colon:
            raise RemoteRefusedError(text, "it names no remote")
        if not name:
            raise RemoteRefusedError(text, "a remote that is made on the fly is in nobody's configuration")
        if "," in name or "=" in name:
            raise RemoteRefusedError(text, "it is a connection string, which could start programs")
        if not _NAME.fullmatch(name) or name.endswith(" "):
            raise RemoteRefusedError(text, "no remote has such a name")
        return cls(name, _check_path(text, path))

    def __str__(self) -> str:
        return f"{self.name}:{self.path}"

    def below(self, path: str) -> "Remote":
        """A path further down."""
        return Remote(self.name, f"{self.path.rstrip('/')}/{path}" if self.path else path)

    def kept(self, moment: str) -> "Remote":
        """Where what is replaced or removed at a moment goes: beside the path, or in it where that has nothing above."""
        above, slash, last = self.path.rpartition("/")
        if not above:
            return self.below(f"{KEPT}/{moment}")
        return Remote(self.name, f"{above}{slash}{last}{KEPT}/{moment}")


def _check_path(text: str, path: str) -> str:
    if len(path) > _LONGEST or not path.isprintable():
        raise RemoteRefusedError(text, "its path holds a control character, or is too long")
    if path.startswith("-"):
        raise RemoteRefusedError(text, "its path begins as an option does")
    if ".." in path.split("/") or "://" in path:
        raise RemoteRefusedError(text, "its path is none that stays where it is")
    return path if path == "/" else path.rstrip("/")
