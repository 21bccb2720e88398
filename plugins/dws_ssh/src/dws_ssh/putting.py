"""A file put on a server: under a name for the moment, and only then, whole, under its own."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import BinaryIO

from dws_core.errors import DwsError, UnstableFileError
from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import look, remove, rename
from dws_ssh.place import Place, about
from dws_ssh.session import Session, Talk
from dws_ssh.talks import FSYNC, look_for, make_directories, make_file, write_piece

_PIECE = 8 * 1024 * 1024


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
        place.hold(lambda _: about(name, _name(fresh, name)))
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
    start, is_last = 0, False
    while not is_last:
        left = _PIECE if size is None else min(_PIECE, size - start)
        piece = _take(content, left)
        if size is not None and len(piece) < left:
            raise UnstableFileError(place.shown(of or fresh))
        is_last = len(piece) < _PIECE if size is None else start + len(piece) == size
        _write(place, fresh, start, piece, of or fresh, is_last=is_last)
        start += len(piece)


def remove_if_there(path: bytes) -> Talk[None]:
    """Remove a file that may be gone already."""
    try:
        yield [remove(path)]
    except SftpStatusError as error:
        if not error.is_missing:
            raise


def clock(fresh: bytes) -> Talk[int]:
    """Tell the time by the server's own clock, with a file that is made for it."""
    yield from make_file(fresh)
    (found,) = yield [look(fresh)]
    yield from remove_if_there(fresh)
    return int(found.modified)


def _write(place: Place, fresh: bytes, start: int, piece: bytes, of: bytes, *, is_last: bool) -> None:
    def write(session: Session) -> Talk[None]:
        lasting = is_last and FSYNC in session.extensions
        return about(of, write_piece(fresh, session.part, start, piece, lasting=lasting))

    place.hold(write)


def _name(fresh: bytes, name: bytes) -> Talk[None]:
    """Give a file its own name, unless that is taken; a rename of version 3 replaces nothing."""
    try:
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
