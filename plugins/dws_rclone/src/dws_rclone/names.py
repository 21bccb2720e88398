"""What a file is called here, and what rclone calls it: control characters have signs in their place there."""

import os

from dws_core.errors import PathRefusedError
from dws_core.model.names import check_relative

_QUOTE = "\u201b"
_SIGNS = {chr(code): chr(0x2400 + code) for code in range(1, 0x20)} | {"\x7f": "\u2421"}
_CHARACTERS = {sign: character for character, sign in _SIGNS.items()}


def to_rclone(path: str) -> str | None:
    """Give rclone's name of a path of this machine; None where it has none that would come back."""
    try:
        os.fsencode(path).decode()
    except UnicodeDecodeError:
        return None
    if _QUOTE in path:
        return None
    return "".join(_SIGNS.get(each, _QUOTE + each if each in _CHARACTERS else each) for each in path)


def from_rclone(name: str) -> str:
    """Give the path of this machine that rclone's name stands for; PathRefusedError where nothing may be written there."""
    found: list[str] = []
    rest = iter(name)
    for each in rest:
        if each == _QUOTE:
            quoted = next(rest, "")
            if quoted not in _CHARACTERS:
                raise PathRefusedError(name, "its name cannot be written here as it is at the remote")
            found.append(quoted)
        else:
            found.append(_CHARACTERS.get(each, each))
    return check_relative("".join(found))
