"""What git's configuration says at one place, read at once and remembered for as long as its files stay as they are."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_Stamp = tuple[int, int, int] | None


class Configuration:
    """The values of each name; `read` lists all of them, as `git config -z --list` does."""

    def __init__(self, read: Callable[[], bytes], directories: Sequence[Path]) -> None:
        self._read = read
        self._own = [directory / name for directory in directories for name in ("config", "config.worktree")]
        self._stamps: list[tuple[Path, _Stamp]] = []
        self._values: Mapping[str, Sequence[str]] = {}

    def get(self, name: str) -> str | None:
        """The value that holds: of several the last."""
        found = self.all(name)
        return found[-1] if found else None

    def all(self, name: str) -> Sequence[str]:
        """Every value of a name, in the order of the files."""
        return self._current().get(_normal(name), ())

    def names(self) -> Sequence[str]:
        """Every name that has a value: section and variable in small letters."""
        return [*self._current()]

    def _current(self) -> Mapping[str, Sequence[str]]:
        # Taken before the reading: what is written meanwhile is read the next time.
        stamps = [(place, _stamp(place)) for place in (*self._own, *_users())]
        if stamps != self._stamps:
            self._values = _parsed(self._read())
            self._stamps = stamps
        return self._values


def _parsed(listed: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in os.fsdecode(listed).split("\0")[:-1]:
        name, equals, value = entry.partition("\n")
        found.setdefault(name, []).append(value if equals else "true")
    return found


def _normal(name: str) -> str:
    """Write a name as git lists it: what stands between section and variable counts letter by letter."""
    section, dot, rest = name.partition(".")
    middle, last_dot, variable = rest.rpartition(".")
    return f"{section.lower()}{dot}{middle}{last_dot}{variable.lower()}"


def _users() -> list[Path]:
    """The user's own files, wherever they lie at this moment."""
    home = os.environ.get("HOME", "/")
    elsewhere = os.environ.get("GIT_CONFIG_GLOBAL")
    places = [Path(elsewhere)] if elsewhere else [Path(home, ".gitconfig")]
    return [*places, Path(os.environ.get("XDG_CONFIG_HOME") or Path(home, ".config"), "git", "config")]


def _stamp(place: Path) -> _Stamp:
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
