"""What lies in a directory of a working tree, besides what git ignores."""

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import FileAccessError, PathMissingError, UnsupportedFileError
from dws_core.model.names import is_reserved
from dws_core.plugin.staging import is_staging
from dws_git.repository import Repository

_SPECIAL = {stat.S_IFIFO: "fifo", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}


@dataclass(frozen=True)
class Walked:
    """Files and symlinks by path, with what the file system says of them; empty directories; submodules' directories."""

    files: dict[str, os.stat_result]
    empty: tuple[str, ...]


def ignored_paths(repository: Repository, prefix: str) -> frozenset[str]:
    """Name what git ignores below a directory (relative to the top), as paths from there; "" is all of it."""
    scope = ("--", prefix) if prefix else ()
    found = repository.git.run("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory", *scope)
    paths = (os.fsdecode(path).rstrip("/") for path in found.split(b"\0") if path)
    return frozenset(path[len(prefix) :].lstrip("/") for path in paths)


def is_ignored(repository: Repository, path: str) -> bool:
    """Tell whether git ignores a path as a whole."""
    # This one command does not take names literally; after `./` they mean nothing else.
    plainly = {"GIT_LITERAL_PATHSPECS": "0"}
    return repository.git.ask("check-ignore", "-q", "--", f"./{path}", environment=plainly) is not None


def walk(
    directory: Path, *, ignored: Collection[str] = (), submodules: Collection[str] = (), keep: Collection[str] = ()
) -> Walked:
    """List a directory; UnsupportedFileError for what no version can hold. `keep` are top-level names that are not looked at."""
    if directory.is_symlink():
        raise UnsupportedFileError(directory, "symlink, where a directory should be,")
    if not directory.is_dir():
        raise PathMissingError(directory)
    found = Walked({}, ())
    empty: list[str] = []
    try:
        _walk(directory, found.files, empty, frozenset(ignored) | frozenset(submodules), frozenset(keep))
    except OSError as error:
        raise FileAccessError(None, error) from error
    return Walked(found.files, tuple(empty))


def _walk(
    directory: Path, files: dict[str, os.stat_result], empty: list[str], left: frozenset[str], keep: frozenset[str]
) -> None:
    waiting = [("", os.fspath(directory))]
    while waiting:
        prefix, place = waiting.pop()
        count = 0
        for entry in _scan(place):
            if not prefix and (entry.name in keep or is_staging(entry.name)):
                continue
            count += 1
            path = prefix + entry.name
            if path in left:
                continue
            _check_name(entry)
            if entry.is_dir(follow_symlinks=False):
                waiting.append((path + "/", entry.path))
            else:
                files[path] = _stat(entry)
        if not count and prefix:
            empty.append(prefix[:-1])


def _scan(place: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(place) as entries:
        yield from entries


def _stat(entry: os.DirEntry[str]) -> os.stat_result:
    found = entry.stat(follow_symlinks=False)
    kind = stat.S_IFMT(found.st_mode)
    if kind not in (stat.S_IFREG, stat.S_IFLNK):
        raise UnsupportedFileError(entry.path, _SPECIAL.get(kind, "special file"))
    return found


def _check_name(entry: os.DirEntry[str]) -> None:
    name = entry.name
    if (name[0] == "." or "~" in name or not name.isascii()) and is_reserved(name):
        nested = name == ".git"
        place = Path(entry.path).parent if nested else Path(entry.path)
        raise UnsupportedFileError(place, "git repository of its own" if nested else "name that belongs to git or the workspace")
