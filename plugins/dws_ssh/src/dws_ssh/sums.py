"""The SHA-256 of files, worked out by the server itself where it lets us run the one command that is ever run there."""

import hashlib
import re
from collections.abc import Sequence

from dws_ssh.connection import Connection

# Names come on its standard input, each ended by a NUL, so that none of them is ever read by a shell or taken for an option.
_COMMAND = r"printf '\0dws-sums\0' && exec xargs -0 -r sha256sum -z -b --"
_OF_NOTHING = hashlib.sha256().hexdigest()
_BEGIN = b"\0dws-sums\0"
_LINE = re.compile(rb"([0-9a-f]{64}) [ *](.+)", re.DOTALL)


def can_sum(connection: Connection) -> bool:
    """Tell whether the server works them out."""
    return _asked(connection, [b"/dev/null"]) == {b"/dev/null": _OF_NOTHING}


def sums(connection: Connection, paths: Sequence[bytes]) -> dict[bytes, str] | None:
    """Give the SHA-256 of each regular file that the server could read; None where it does not work them out."""
    return _asked(connection, paths)


def _asked(connection: Connection, paths: Sequence[bytes]) -> dict[bytes, str] | None:
    printed = connection.run(_COMMAND, b"".join(path + b"\0" for path in paths))
    if printed is None or _BEGIN not in printed:
        return None
    found = {}
    for line in printed.partition(_BEGIN)[2].split(b"\0"):
        if line:
            parsed = _LINE.fullmatch(line)
            if parsed is None:
                return None
            found[parsed[2]] = parsed[1].decode()
    return found
