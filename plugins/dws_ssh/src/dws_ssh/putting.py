"""A file put on a server: under a name for the moment, and only then, whole, under its own."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO

from dws_core.errors import DwsError, UnstableFileError
from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import look, remove, remove_directory, rename
from dws_ssh.place import Place, about
from dws_ssh.session import Session, Talk
from dws_ssh.talks import FSYNC, PIECE, PIECES_WRITTEN, look_for, make_directories, make_file, make_last, write_piece

_BATCH = 16 * PIECE


def fresh_name() -> str:
    """Make a name for the moment."""
    return f".dws-put-{secrets.token_hex(12)}"


def put_new(place: Place, directories: Sequence[bytes], name: bytes, content: BinaryIO, size: int) -> None:
    """Put `size` bytes under a whole path, the last directory of it being the last of these; what is there already stays.

    It lasts once this returns. Ended in the middle, nothing has that name, and what was begun is removed, if anybody can.
    """
    fresh = directories[-1].rstrip(b"/") + b"/" + fresh_name().encode()
    try:
        begin(place, fresh, directories)
        fill(place, fresh, content, size)
        place.hold(lambda session: about(name, _name(session, fresh, name)))
    except BaseException:
        with suppress(DwsError, OSError):
            place.hold(lambda _: remove_if_there(fresh))
        raise


def begin(place: Place, fresh: bytes, directories: Sequence[bytes]) -> None:
    """Make an empty file, and the directories that it lies in where they are missing; FileNotFoundError above them."""
    try:
        place.hold(lambda _: about(fresh, make_file(fresh)))
    except FileNotFoundError:
        place.hold(lambda _: about(directories[-1], make_directories(directories)))
        place.hold(lambda _: about(fresh, make_file(fresh)))


def fill(place: Place, fresh: bytes, content: BinaryIO, size: int | None, *, of: bytes = b"") -> None:
    """Write what is read of `content` to an empty file, piece by piece, each again where the connection is lost.

    It has to be that many bytes, where `size` says so. An error names the file that it is the content `of`.
    """

    def write(session: Session, piece: tuple[int, bytes]) -> Talk[None]:
        return about(of or fresh, write_piece(fresh, session.part, *piece))

    start, is_last = 0, False
    while not is_last:
        left = _BATCH if size is None else min(_BATCH, size - start)
        batch = _take(content, left)
        if size is not None and len(batch) < left:
            raise UnstableFileError(place.shown(of or fresh))
        is_last = len(batch) < _BATCH if size is None else start + len(batch) == size
        pieces = [(start + at, batch[at : at + PIECE]) for at in range(0, len(batch), PIECE)]
        for _ in place.each(pieces, write, PIECES_WRITTEN):
            pass
        start += len(batch)


def remove_if_there(path: bytes) -> Talk[None]:
    """Remove a file that may be gone already."""
    try:
        yield [remove(path)]
    except SftpStatusError as error:
        if not error.is_missing:
            raise


def remove_if_empty(path: bytes) -> Talk[None]:
    """Remove a directory, unless somebody has put something into it or it is gone already."""
    try:
        yield [remove_directory(path)]
    except SftpStatusError as error:
        if error.code not in (SftpStatusError.NO_SUCH_FILE, SftpStatusError.FAILURE):
            raise


def clock(fresh: bytes) -> Talk[int]:
    """Tell the time by the server's own clock, with a file that is made for it."""
    yield from make_file(fresh)
    (found,) = yield [look(fresh)]
    yield from remove_if_there(fresh)
    return int(found.modified)


def _name(session: Session, fresh: bytes, name: bytes) -> Talk[None]:
    """Give a file its own name once it lasts, unless that is taken; a rename of version 3 replaces nothing."""
    try:
        if FSYNC in session.extensions:
            yield from make_last(fresh)
        yield [rename(fresh, name)]
    except SftpStatusError:
        if (yield from look_for(name)) is None:
            raise
        yield from remove_if_there(fresh)


def _take(content: BinaryIO, size: int) -> bytes:
    """Read so many bytes; fewer where it ends before."""
    parts = []
    while size and (part := content.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
