"""Content sent to a staging directory on the server, so that a rename suffices for it to appear."""

import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from secrets import token_hex
from typing import BinaryIO

from dws_core.errors import DwsError
from dws_core.plugin import EntryKind
from dws_core.plugin.staging import plain_mode
from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import CREATE, TRUNCATE, WRITE, close, make_directory, make_link, open_file, remove_directory
from dws_ssh.picture import Seen
from dws_ssh.place import Place, about
from dws_ssh.putting import fill, remove_if_there
from dws_ssh.session import Session, Talk
from dws_ssh.survey import leftovers
from dws_ssh.talks import list_directory, look_for, make_file, writes

_WHOLE = 4 * 1024 * 1024
_CLASSES = ((64 * 1024, 128), (512 * 1024, 32), (_WHOLE, 4))
_PRIVATE = 0o700


def staging_name(clone: str) -> str:
    """Make a name for the moment that tells which clone it is of, so that no other one removes it."""
    return f".dws-staging-{_mark(clone)}{token_hex(4)}"


@contextmanager
def staging(place: Place, clone: str) -> Iterator[bytes]:
    """Make a staging directory on the server, and remove it and those that a dead command of this clone left."""
    sweep(place, clone)
    made = place.at(staging_name(clone))
    place.hold(lambda _: about(made, _make(made)))
    try:
        yield made
    finally:
        with suppress(DwsError, OSError):
            _clear(place, made)


def sweep(place: Place, clone: str) -> None:
    """Remove what a dead command of this clone left at the top of a directory."""
    ours = [each for each in leftovers(place) if each[0].startswith(f".dws-staging-{_mark(clone)}")]
    for name, is_directory in ours:
        if is_directory:
            _clear(place, place.at(name))
    _remove(place, [place.at(name) for name, is_directory in ours if not is_directory])


def send(place: Place, stage: bytes, wanted: Mapping[str, Seen], source: Callable[[str], BinaryIO]) -> dict[str, bytes]:
    """Send files and symlinks to a staging directory, and answer where each lies there.

    `source` opens the bytes of a path (of a symlink: its target).
    """
    staged = {path: stage + f"/{number}".encode() for number, path in enumerate(wanted)}

    def begin(session: Session, path: str) -> Talk[None]:
        with source(path) as content:
            return about(place.at(path), _write(session, staged[path], wanted[path].kind, content.read()))

    above = -1
    for size, at_once in _CLASSES:
        paths = [path for path, each in wanted.items() if above < each.size <= size]
        above = size
        for _ in place.each(paths, begin, at_once):
            pass
    large = [path for path, each in wanted.items() if each.size > _WHOLE]
    for _ in place.each(large, lambda _, path: about(place.at(path), make_file(staged[path], _mode(wanted[path].kind)))):
        pass
    for path in large:
        with source(path) as content:
            fill(place, staged[path], content, wanted[path].size, of=place.at(path))
    return staged


def _write(session: Session, path: bytes, kind: EntryKind, content: bytes) -> Talk[None]:
    """Write what is small with one conversation, which may be held again."""
    if kind is EntryKind.SYMLINK:
        yield from remove_if_there(path)
        yield [make_link(content, path)]
        return
    (handle,) = yield [open_file(path, WRITE | CREATE | TRUNCATE, _mode(kind))]
    yield [*writes(handle, session.part, 0, content), close(handle)]


def _make(path: bytes) -> Talk[None]:
    """Make a directory that nobody else looks into."""
    try:
        yield [make_directory(path, _PRIVATE)]
    except SftpStatusError:
        found = yield from look_for(path)
        if found is None or not stat.S_ISDIR(found.mode):
            raise


def _clear(place: Place, directory: bytes) -> None:
    """Remove a directory that holds nothing but files."""
    names = [each.name for each in place.hold(lambda _: about(directory, list_directory(directory)))]
    _remove(place, [directory + b"/" + name for name in names])
    place.hold(lambda _: about(directory, _remove_directory(directory)))


def _remove(place: Place, paths: Sequence[bytes]) -> None:
    for _ in place.each(paths, lambda _, path: about(path, remove_if_there(path))):
        pass


def _remove_directory(path: bytes) -> Talk[None]:
    try:
        yield [remove_directory(path)]
    except SftpStatusError as error:
        if not error.is_missing:
            raise


def _mode(kind: EntryKind) -> int:
    return plain_mode(executable=kind is EntryKind.EXECUTABLE)


def _mark(clone: str) -> str:
    return sha256(clone.encode()).hexdigest()[:8]
