"""What a step was run as: its script, and the command line as anybody may read it."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from dws_core.lineage.plain import HIDDEN
from dws_core.lineage.secrets import is_secret_name, without_passwords
from dws_core.model.codec import JsonObject

_OPTION = re.compile(r"(?P<name>-{0,2}[A-Za-z][\w.-]*)=(?P<value>.*)", re.DOTALL)


def describe_script(script: Path | None) -> JsonObject:
    """Give a script's name and the SHA-256 of its bytes; nothing where it cannot be read."""
    if script is None:
        return {}
    try:
        return {"name": script.name, "sha256": hashlib.sha256(script.read_bytes()).hexdigest()}
    except OSError:
        return {}


def describe_command_line(arguments: Sequence[str], root: Path) -> tuple[str, ...]:
    """Give a command line without what only this machine knows: paths go from the workspace's top, and secrets are hidden."""
    described: list[str] = []
    hide_next = False
    for argument in arguments:
        option = _OPTION.fullmatch(argument)
        if hide_next and not argument.startswith("-"):
            described.append(HIDDEN)
        elif option is not None:
            value = HIDDEN if is_secret_name(option["name"]) else _anywhere(option["value"], root)
            described.append(f"{option['name']}={value}")
        else:
            described.append(_anywhere(argument, root))
        hide_next = option is None and argument.startswith("-") and is_secret_name(argument)
    return tuple(described)


def _anywhere(text: str, root: Path) -> str:
    """Name an absolute path as it is on any machine: from the workspace's top, or else by its last part alone."""
    if not text.startswith("/") or "\n" in text:
        return without_passwords(text)
    path = Path(text)
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return f"…/{path.name}"
