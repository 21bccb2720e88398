"""The move of results to the directory of their snapshot, on the server itself: by renames, none of which replaces anything."""

import io
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import BinaryIO

from dws_core.errors import PathRefusedError
from dws_core.plugin import EntryKind, ResultsMove
from dws_ssh.packets import rename
from dws_ssh.picture import Picture, Seen
from dws_ssh.place import Place, about
from dws_ssh.putting import remove_if_empty
from dws_ssh.sending import send, staging
from dws_ssh.session import Session, Talk
from dws_ssh.survey import Found
from dws_ssh.talks import look_for, make_directories


def move_results(
    place: Place,
    clone: str,
    move: ResultsMove,
    recorded: Picture,
    now: tuple[Mapping[str, Found], Picture],
    source: Callable[[str], BinaryIO],
) -> None:
    """Move results, and write `move.files` beside them; ended in the middle, it may be called again with the same result.

    `recorded` is the version after the move, `now` what was found there, and what it is; `source` opens the bytes of a recorded
    path. What is no longer as it was recorded stays, and the recorded bytes are written at the destination; what lies there
    already stays.
    """
    found, current = now
    prefix = f"{move.destination}/"
    wanted = {path: each for path, each in recorded.items() if path.startswith(prefix) and path not in current}
    own = {f"{prefix}{name}" for name in move.files}
    movable = [path for path in wanted if path not in own and _is_same(current.get(path.removeprefix(prefix)), wanted[path])]
    _make(place, found, {move.destination, *(path.rpartition("/")[0] for path in wanted), *_empty(wanted)})
    moved = {path for path, done in place.each(movable, lambda _, path: _move(place, path.removeprefix(prefix), path)) if done}
    left = {path: each for path, each in wanted.items() if path not in moved and each.kind is not EntryKind.DIRECTORY}
    with staging(place, clone) as stage:
        staged = send(place, stage, left, lambda path: _open(move, prefix, path, source))
        for _ in place.each([*staged], lambda _, path: about(place.at(path), _put(staged[path], place.at(path)))):
            pass
    emptied = {above for path in recorded if path.startswith(prefix) for above in _above(path.removeprefix(prefix))}
    standing = [path for path in emptied if path in found and found[path].kind is EntryKind.DIRECTORY]
    for path in sorted(standing, key=lambda each: each.count("/"), reverse=True):
        place.hold(partial(_remove_emptied, place.at(path)))


def _is_same(now: Seen | None, recorded: Seen) -> bool:
    return now is not None and now[:2] == recorded[:2] and now.kind is not EntryKind.DIRECTORY


def _move(place: Place, old: str, new: str) -> Talk[bool]:
    """Rename a file, unless it is gone; where the reply was lost the first time, it lies there already."""
    return (yield from about(place.at(new), _rename(place.at(old), place.at(new))))


def _rename(old: bytes, new: bytes) -> Talk[bool]:
    if (yield from look_for(old)) is None:
        return (yield from look_for(new)) is not None
    yield [rename(old, new)]
    return True


def _put(staged: bytes, path: bytes) -> Talk[None]:
    """Put what was sent in its place, unless something has it."""
    if (yield from look_for(staged)) is not None and (yield from look_for(path)) is None:
        yield [rename(staged, path)]


def _open(move: ResultsMove, prefix: str, path: str, source: Callable[[str], BinaryIO]) -> BinaryIO:
    written = move.files.get(path.removeprefix(prefix))
    return source(path) if written is None else io.BytesIO(written)


def _make(place: Place, found: Mapping[str, Found], directories: Iterable[str]) -> None:
    """Make directories with all above them; PathRefusedError where something else than a directory is on the way."""
    paths = sorted(directories)
    for path in {above for each in paths for above in _above(each)}:
        if path in found and found[path].kind is not EntryKind.DIRECTORY:
            raise PathRefusedError(
                place.shown(place.at(path)), "it is a symlink or a file", hint="put a directory in its place on the server"
            )

    def begin(_: Session, path: str) -> Talk[None]:
        return about(place.at(path), make_directories([place.at(each) for each in _above(path)]))

    for _ in place.each(paths, begin):
        pass


def _empty(wanted: Picture) -> set[str]:
    return {path for path, each in wanted.items() if each.kind is EntryKind.DIRECTORY}


def _above(path: str) -> list[str]:
    """Name a path, and all directories on the way to it."""
    parts = path.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _remove_emptied(path: bytes, _: Session) -> Talk[None]:
    return about(path, remove_if_empty(path))
