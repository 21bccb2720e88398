"""Who calls, when and from where: handed in, never fetched further down."""

import getpass
import os
import re
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Caller:
    """The process's surroundings. `now` answers aware UTC times; `token` random hexadecimal digits, 32 of them."""

    now: Callable[[], datetime]
    host: str
    user: str
    cwd: Path
    environ: Mapping[str, str]
    token: Callable[[], str]

    @classmethod
    def of_process(cls) -> Self:
        """Ask the operating system."""
        return cls(
            now=lambda: datetime.now(UTC),
            host=_plain(socket.gethostname().split(".")[0], "localhost"),
            user=_user(),
            cwd=Path.cwd(),
            environ=os.environ,
            token=lambda: secrets.token_hex(16),
        )

    def timestamp(self, *, after: str = "") -> str:
        """The time as records keep it: UTC, to the microsecond; later than another, even where that clock was ahead of ours."""
        now = self.now().strftime(_FORMAT)
        if now > after:
            return now
        try:
            return (datetime.strptime(after, _FORMAT) + timedelta(microseconds=1)).strftime(_FORMAT)  # noqa: DTZ007  # UTC in, UTC out
        except (ValueError, OverflowError):  # a stranger's record may hold any text, and texts are what times are compared as
            return f"{after}+"

    def address(self, text: str) -> str:
        """Give the path of a directory in full, as seen from where the caller stands; anything else, a URL, stays as it is."""
        place = self.place(text)
        return str(place.resolve()) if place.is_dir() else text

    def place(self, text: str, start: Path | None = None) -> Path:
        """Give a path that a user typed, as seen from `start` or from where the caller stands; `~` is a home, if there is one."""
        typed = Path(text)
        with suppress(RuntimeError):  # there is no such user
            typed = typed.expanduser()
        return (start or self.cwd) / typed


def _user() -> str:
    try:
        return _plain(getpass.getuser(), "user")
    except (KeyError, OSError):
        return "user"


def _plain(name: str, fallback: str) -> str:
    """Make a name of the system's one of ours."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-")[:64] or fallback
