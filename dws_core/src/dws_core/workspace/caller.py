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
        if now <= after:
            with suppress(ValueError):  # a stranger's record may hold any text
                return (datetime.strptime(after, _FORMAT) + timedelta(microseconds=1)).strftime(_FORMAT)  # noqa: DTZ007  # UTC in, UTC out
        return now

    def address(self, text: str) -> str:
        """Give the path of a directory in full, as seen from where the caller stands; anything else, a URL, stays as it is."""
        place = self.cwd / Path(text).expanduser()
        return str(place.resolve()) if place.is_dir() else text


def _user() -> str:
    try:
        return _plain(getpass.getuser(), "user")
    except (KeyError, OSError):
        return "user"


def _plain(name: str, fallback: str) -> str:
    """Make a name of the system's one of ours."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-")[:64] or fallback
