"""Files made what a listing says, touching only what differs: planned, staged whole, then put in place by rename."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeAlias

from dws_core.errors import DamagedObjectError, FileAccessError
from dws_core.model.changes import RestorePlan
from dws_core.model.names import check_relative
from dws_core.plugin.grip import Grip
from dws_core.plugin.staging import plain_mode, staging, sweep
from dws_git.errors import IgnoredInTheWayError
from dws_git.listing import DIRECTORY, EXECUTABLE, FILE, SUBMODULE, SYMLINK, Item, ancestors, blob_id, compare

Stage: TypeAlias = Callable[[Path, Collection[str]], None]


def plan(
    directory: Path,
    current: Mapping[str, Item],
    target: Mapping[str, Item],
    ignored: Collection[str],
    sizes: Callable[[Collection[str]], Mapping[str, int]],
    *,
    note: str = "",
) -> RestorePlan:
    """Tell what would be done; an error if it cannot. `sizes` answers the size of each of these, or raises an error."""
    changes = compare(current, target)
    written = [*changes.added, *changes.changed]
    for path in written:
        check_relative(path)
    check_way(directory, current, target, ignored)
    files = [path for path in written if target[path].mode not in (DIRECTORY, SUBMODULE)]
    found = sizes(files)
    size = sum(found[path] for path in files if target[path].mode != SYMLINK)
    if directory.is_dir() and shutil.disk_usage(directory).free < size:
        raise FileAccessError(directory, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    return RestorePlan(changes, size, note)


def check_way(directory: Path, current: Mapping[str, Item], target: Mapping[str, Item], ignored: Collection[str]) -> None:
    """Raise an IgnoredInTheWayError where writing would overwrite what no version holds."""
    if not ignored:
        return
    known = frozenset(ignored)
    for path in target.keys() - current.keys():
        for above in (*ancestors(path), path):
            if above in known:
                _check_ignored(directory, above, path, target[path])
                break
    for path in known:
        for above in ancestors(path):
            if above in target and target[above].mode not in (DIRECTORY, SUBMODULE):
                raise IgnoredInTheWayError(directory / path)


def _check_ignored(directory: Path, above: str, path: str, wanted: Item) -> None:
    if above != path and (directory / above).is_dir() and not (directory / above).is_symlink():
        above = path  # an ignored directory is no hindrance, unless it holds that very path
    place = directory / above
    if not os.path.lexists(place):
        return
    same = above == path and wanted.mode in (FILE, EXECUTABLE) and place.is_file() and not place.is_symlink()
    if not same or blob_id(place.read_bytes(), "sha1" if len(wanted.id) == 40 else "sha256") != wanted.id:
        raise IgnoredInTheWayError(place)


def apply(directory: Path, current: Mapping[str, Item], target: Mapping[str, Item], stage: Stage) -> None:
    """Make the directory what the listing says; `stage` writes the content of paths to a staging directory, whole.

    Ended in the middle, it may be done again, with the directory's listing taken anew.
    """
    changes = compare(current, target)
    written = [*changes.added, *changes.changed]
    for path in written:
        check_relative(path)
    try:
        if not changes:
            sweep(directory)
            return
        with staging(directory) as staged, Grip(directory) as grip:
            files = [path for path in written if target[path].mode not in (DIRECTORY, SUBMODULE)]
            stage(staged, files)
            replaced = [path for path in changes.changed if DIRECTORY in (current[path].mode, target[path].mode)]
            _remove(grip, current, [*changes.removed, *replaced], target)
            for path in written:
                _place(grip, staged, path, target[path])
    except OSError as error:
        raise FileAccessError(error.filename or directory, error) from error


def write_staged(staged: Path, path: str, item: Item, content: BinaryIO) -> None:
    """Write one file or symlink to its place in a staging directory, checking that its content has its id."""
    place = staged / path
    place.parent.mkdir(parents=True, exist_ok=True)
    if item.mode == SYMLINK:
        place.symlink_to(os.fsdecode(content.read()))
        return
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    sha = hashlib.new("sha1" if len(item.id) == 40 else "sha256", b"blob %d\0" % size, usedforsecurity=False)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(place, flags, plain_mode(executable=item.mode == EXECUTABLE)), "wb") as file:
        while chunk := content.read(1 << 20):
            sha.update(chunk)
            file.write(chunk)
    if sha.hexdigest() != item.id:
        raise DamagedObjectError(f"{path} (git object {item.id})")


def _remove(grip: Grip, current: Mapping[str, Item], paths: Collection[str], target: Mapping[str, Item]) -> None:
    needed = {above for path in target for above in ancestors(path)} | {
        path for path, item in target.items() if item.mode in (DIRECTORY, SUBMODULE)
    }
    for path in sorted(paths):
        if current[path].mode == SUBMODULE:
            continue
        with suppress(FileNotFoundError):
            parent, name = grip.parent(path)
            if current[path].mode == DIRECTORY:
                _remove_if_empty(parent, name)
            else:
                os.unlink(name, dir_fd=parent)
    grip.forget()
    emptied = {above for path in paths for above in ancestors(path)} - needed
    for path in sorted(emptied, key=lambda each: -each.count("/")):
        with suppress(FileNotFoundError):
            _remove_if_empty(*grip.parent(path))
    grip.forget()


def _remove_if_empty(parent: int, name: str) -> None:
    try:
        os.rmdir(name, dir_fd=parent)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # what git ignores stays
            raise


def _place(grip: Grip, staged: Path, path: str, item: Item) -> None:
    if item.mode in (DIRECTORY, SUBMODULE):
        grip.directory(path, create=True)
        return
    parent, name = grip.parent(path, create=True)
    os.rename(staged / path, name, dst_dir_fd=parent)
