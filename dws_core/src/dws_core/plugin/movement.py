"""The move of results to the directory of their snapshot, for every type whose content lies in a directory."""

import errno
import io
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dws_core.errors import FileAccessError, PathRefusedError
from dws_core.plugin.grip import Grip
from dws_core.plugin.objects import EntryKind
from dws_core.plugin.resource_type import ResultsMove
from dws_core.plugin.staging import is_staging, plain_mode, staging


class Identity(NamedTuple):
    """What lies at a path: its kind and the id of its content, "" for an (empty) directory."""

    kind: EntryKind
    id: str


def move_results(
    directory: Path,
    move: ResultsMove,
    recorded: Mapping[str, Identity],
    current: Mapping[str, Identity],
    open_recorded: Callable[[str], BinaryIO],
) -> None:
    """Move results, and write `move.files` beside them; ended in the middle, it may be called again with the same result.

    `recorded` is the version after the move, `current` what is there now: files, symlinks and empty directories by path
    (`a/b`); only what `recorded` holds below `move.destination` moves. `open_recorded` opens the bytes of such a recorded
    path (of a symlink: its target). What is no longer as it was recorded stays where it is, and the recorded bytes are
    written at the destination; what lies at the destination already is left as it is.
    """
    try:
        with staging(directory) as stage, Grip(directory) as grip:
            grip.directory(move.destination, create=True)
            mover = _Mover(grip, stage, move, open_recorded)
            for name, wanted in _by_top(recorded, move.destination + "/").items():
                mover.move_top(name, wanted, _below(current, name))
            for name, content in move.files.items():
                mover.write(name, Identity(EntryKind.FILE, ""), _opener(content))
    except OSError as error:
        raise FileAccessError(error.filename or directory, error) from error


@dataclass(frozen=True)
class _Mover:
    grip: Grip
    stage: Path
    move: ResultsMove
    open_recorded: Callable[[str], BinaryIO]

    def move_top(self, name: str, wanted: Mapping[str, Identity], found: Mapping[str, Identity]) -> None:
        """Move one top-level entry, in one step where it is exactly what was recorded."""
        if name in self.move.files:
            return
        if wanted == found and self.rename(name):
            return
        for below in sorted(wanted, key=os.fsencode):
            path = name + below
            if found.get(below) != wanted[below] or not self.rename(path):
                self.write(path, wanted[below], self.open_recorded)
        self.remove_emptied(name, wanted)

    def rename(self, path: str) -> bool:
        """Move an entry to its destination; False where that is taken, or the entry is gone."""
        target = f"{self.move.destination}/{path}"
        if self.grip.look(target) is not None:
            return False
        self.grip.directory(target.rpartition("/")[0], create=True)
        to_parent, to_name = self.grip.parent(target)
        held = os.dup(to_parent)
        try:
            from_parent, from_name = self.grip.parent(path)
            os.rename(from_name, to_name, src_dir_fd=from_parent, dst_dir_fd=held)
        except FileNotFoundError:
            return False
        finally:
            os.close(held)
        return True

    def write(self, path: str, identity: Identity, open_bytes: Callable[[str], BinaryIO]) -> None:
        """Write recorded content at its destination, unless something is there."""
        target = f"{self.move.destination}/{path}"
        if self.grip.look(target) is not None:
            return
        if identity.kind is EntryKind.DIRECTORY:
            self.grip.directory(target, create=True)
            return
        staged = self.stage / "content"
        with open_bytes(target) as content:
            _fill(staged, identity.kind, content)
        parent, name = self.grip.parent(target, create=True)
        os.rename(staged, name, dst_dir_fd=parent)
        if path in self.move.files:
            os.fsync(parent)

    def remove_emptied(self, name: str, wanted: Iterable[str]) -> None:
        """Remove the directories that held nothing but what moved, innermost first."""
        directories: set[str] = set()
        for below in wanted:
            parts = below.split("/")
            directories |= {"/".join(parts[:count]) for count in range(1, len(parts))}
        for below in sorted(directories, key=lambda each: (-each.count("/"), each)):
            with suppress(FileNotFoundError, PathRefusedError):
                parent, last = self.grip.parent(name + below)
                self._remove_if_empty(parent, last)

    def _remove_if_empty(self, parent: int, name: str) -> None:
        try:
            os.rmdir(name, dir_fd=parent)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise


def results_moves(names: Iterable[str], move: ResultsMove) -> dict[str, str]:
    """Tell where each top-level name goes; those that stay where they are are left out."""
    stay = {*move.stay, *move.files, move.destination.split("/", 1)[0]}
    return {name: f"{move.destination}/{name}" for name in names if name not in stay and not is_staging(name)}


def _opener(content: bytes) -> Callable[[str], BinaryIO]:
    return lambda _: io.BytesIO(content)


def _fill(path: Path, kind: EntryKind, content: BinaryIO) -> None:
    if kind is EntryKind.SYMLINK:
        path.symlink_to(os.fsdecode(content.read()))
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, plain_mode(executable=kind is EntryKind.EXECUTABLE)), "wb") as file:
        shutil.copyfileobj(content, file, 1024 * 1024)
        file.flush()
        os.fsync(file.fileno())


def _by_top(recorded: Mapping[str, Identity], prefix: str) -> dict[str, dict[str, Identity]]:
    """Group what lies below the destination by its top-level name: `{"plots": {"/a.png": …}, "x.csv": {"": …}}`."""
    found: dict[str, dict[str, Identity]] = {}
    for path, identity in recorded.items():
        if path.startswith(prefix):
            top, slash, below = path[len(prefix) :].partition("/")
            found.setdefault(top, {})[slash + below] = identity
    return found


def _below(current: Mapping[str, Identity], name: str) -> dict[str, Identity]:
    return {path[len(name) :]: each for path, each in current.items() if path == name or path.startswith(name + "/")}
