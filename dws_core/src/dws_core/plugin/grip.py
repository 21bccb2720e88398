"""A grip on a directory: places below it are reached without ever going through a symlink."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from dws_core.errors import PathRefusedError

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Grip:
    """Hold a directory open and answer descriptors of the directories below it; asked in the order of paths it is quick.

    Paths are relative, `a/b`. A component that is a symlink or a file is a PathRefusedError.
    """

    def __init__(self, top: Path) -> None:
        self.top = top
        self._names: list[str] = []
        self._open = [os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while self._open:
            os.close(self._open.pop())
        self._names.clear()

    def directory(self, path: str, *, create: bool = False) -> int:
        """Answer the descriptor of a directory, good until the next call; FileNotFoundError if there is none."""
        names = path.split("/") if path else []
        kept = 0
        while kept < min(len(names), len(self._names)) and names[kept] == self._names[kept]:
            kept += 1
        while len(self._names) > kept:
            self._names.pop()
            os.close(self._open.pop())
        for name in names[kept:]:
            self._open.append(self._descend(path, name, create))
            self._names.append(name)
        return self._open[-1]

    def parent(self, path: str, *, create: bool = False) -> tuple[int, str]:
        """Answer the descriptor of the directory that holds `path`, and the last name of it."""
        head, _, name = path.rpartition("/")
        return self.directory(head, create=create), name

    def look(self, path: str) -> os.stat_result | None:
        """Answer what lies at a path itself (a symlink is not followed), or None."""
        try:
            parent, name = self.parent(path)
            return os.stat(name, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def forget(self) -> None:
        """Let go of all but the top: what was renamed or removed is looked up anew."""
        self.directory("")

    def _descend(self, path: str, name: str, create: bool) -> int:
        above = self._open[-1]
        try:
            return os.open(name, _DIRECTORY, dir_fd=above)
        except FileNotFoundError:
            if not create:
                raise
        except OSError as error:
            if stat.S_ISDIR(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode):
                raise
            raise PathRefusedError(
                self.top / path,
                f"{name!r} on the way is a symlink or a file",
                hint="put a directory in its place",
            ) from error
        with suppress(FileExistsError):  # another process has just made it
            os.mkdir(name, dir_fd=above)
        return os.open(name, _DIRECTORY, dir_fd=above)
