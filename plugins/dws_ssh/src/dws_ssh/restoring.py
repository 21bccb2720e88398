"""A directory of a server made what a recorded version says, touching only what differs, and nothing through a symlink."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from dws_core.errors import UnstableFileError
from dws_core.plugin import EntryKind
from dws_core.plugin.staging import plain_mode
from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import extended, look, remove, rename, set_mode
from dws_ssh.picture import Picture, Seen
from dws_ssh.place import Place, about
from dws_ssh.putting import remove_if_empty
from dws_ssh.sending import send, staging
from dws_ssh.session import Session, Talk
from dws_ssh.survey import Found
from dws_ssh.talks import look_for, make_directories

_REPLACE = "posix-rename@openssh.com"
_FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)


@dataclass(frozen=True)
class Steps:
    """What is to be done, in this order: nothing else is touched."""

    send: Mapping[str, Seen]
    remove: Mapping[str, Found]
    empty: tuple[str, ...]
    make: tuple[str, ...]
    modes: Mapping[str, Found]

    @property
    def size(self) -> int:
        """How many bytes of files are sent."""
        return sum(each.size for each in self.send.values() if each.kind in _FILES)


def find_steps(found: Mapping[str, Found], current: Picture, wanted: Picture) -> Steps:
    """Tell what has to be done where this was found."""
    differing = {path: each for path, each in wanted.items() if current.get(path, (None, None))[:2] != each[:2]}
    files = {path: each for path, each in differing.items() if each.kind is not EntryKind.DIRECTORY}
    modes = {path for path, each in files.items() if path in current and _only_mode_differs(current[path], each)}
    directories = _directories(wanted)
    lying = {path: each for path, each in found.items() if each.kind is not EntryKind.DIRECTORY}
    standing = {path for path, each in found.items() if each.kind is EntryKind.DIRECTORY}
    return Steps(
        send={path: each for path, each in files.items() if path not in modes},
        remove={path: each for path, each in lying.items() if path not in wanted or path in directories},
        empty=tuple(sorted(standing - directories, key=_depth, reverse=True)),
        make=tuple(sorted(directories - standing, key=_depth)),
        modes={path: found[path] for path in modes},
    )


def bring(place: Place, clone: str, found: Mapping[str, Found], steps: Steps, source: Callable[[str], BinaryIO]) -> None:
    """Do it. All content is there, whole, before the first visible file changes; UnstableFileError for what changed since."""
    with staging(place, clone) as stage:
        staged = send(place, stage, steps.send, source)
        _each(place, steps.remove, lambda path: _remove(place, path, found[path]))
        for paths in _by_depth(steps.empty):
            _each(place, paths, lambda path: remove_if_empty(place.at(path)))
        for paths in _by_depth(steps.make):
            _each(place, paths, lambda path: make_directories([place.at(path)]))

        def put(session: Session, path: str) -> Talk[None]:
            quickly = _REPLACE in session.extensions
            return about(place.at(path), _put(place, path, staged[path], found.get(path), quickly=quickly))

        for _ in place.each([*staged], put):
            pass
        _each(place, steps.modes, lambda path: _set_mode(place, path, found[path]))


def _each(place: Place, paths: Iterable[str], begin: Callable[[str], Talk[None]]) -> None:
    for _ in place.each([*paths], lambda _, path: about(place.at(path), begin(path))):
        pass


def _remove(place: Place, path: str, found: Found) -> Talk[None]:
    """Remove a file that is as it was found; one that is gone already is no error."""
    if (yield from _is_there(place, path, found)):
        yield [remove(place.at(path))]


def _put(place: Place, path: str, staged: bytes, found: Found | None, *, quickly: bool) -> Talk[None]:
    """Put what was sent in its place; where the reply was lost the first time, it is there already."""
    if (yield from look_for(staged)) is None:
        return
    if found is not None and found.kind is not EntryKind.DIRECTORY:
        there = yield from _is_there(place, path, found)
        if there and not quickly:
            yield [remove(place.at(path))]
    yield [extended(_REPLACE, staged, place.at(path)) if quickly else rename(staged, place.at(path))]


def _set_mode(place: Place, path: str, found: Found) -> Talk[None]:
    """Give or take the executable bit, opening a file no further than umask allows."""
    if not (yield from _is_there(place, path, found)):
        raise UnstableFileError(place.shown(place.at(path)))
    mode = found.mode & 0o7777
    if found.kind is EntryKind.EXECUTABLE:
        yield [set_mode(place.at(path), mode & ~0o111)]
    else:
        yield [set_mode(place.at(path), mode | ((mode & 0o444) >> 2 & plain_mode(executable=True)) | 0o100)]


def _is_there(place: Place, path: str, found: Found) -> Talk[bool]:
    """Tell whether a file is there still; UnstableFileError where it is no longer as it was found."""
    try:
        (now,) = yield [look(place.at(path))]
    except SftpStatusError as error:
        if not error.is_missing:
            raise
        return False
    if (now.size, now.modified, now.mode) != (found.size, found.modified, found.mode):
        raise UnstableFileError(place.shown(place.at(path)))
    return True


def _directories(wanted: Picture) -> set[str]:
    """Name all directories that hold what is wanted, or are wanted empty."""
    found = {path for path, each in wanted.items() if each.kind is EntryKind.DIRECTORY}
    for path in wanted:
        above = path.rpartition("/")[0]
        while above and above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return found


def _only_mode_differs(old: Seen, new: Seen) -> bool:
    return old.kind in _FILES and new.kind in _FILES and old.sum == new.sum


def _by_depth(paths: Iterable[str]) -> list[list[str]]:
    """Part paths, which are in the order of their depths, so that those of one depth can be dealt with at once."""
    parted: dict[int, list[str]] = {}
    for path in paths:
        parted.setdefault(_depth(path), []).append(path)
    return [*parted.values()]


def _depth(path: str) -> int:
    return path.count("/")
