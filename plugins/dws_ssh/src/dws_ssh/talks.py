"""The conversations that everything else is made of: to list a directory, to read and write a file."""

import stat
from collections.abc import Iterator, Sequence

from dws_ssh.errors import SftpStatusError
from dws_ssh.packets import (
    CREATE,
    READ,
    TRUNCATE,
    WRITE,
    Attributes,
    Named,
    Request,
    close,
    extended,
    look,
    look_at,
    make_directory,
    open_directory,
    open_file,
    read,
    read_directory,
    write,
)
from dws_ssh.session import Talk

_PAGES = 16
FSYNC = "fsync@openssh.com"

PIECE, PIECES_READ, PIECES_WRITTEN = 1024 * 1024, 16, 4
"""How much of a large file one conversation is about, and how many of these are under way at once."""


def list_directory(path: bytes) -> Talk[list[Named]]:
    """Name all that lies directly in a directory."""
    (handle,) = yield [open_directory(path)]
    pages = yield [read_directory(handle)] * 2
    found = [each for page in pages for each in page]
    while pages[-1]:
        pages = yield [read_directory(handle)] * _PAGES
        found += [each for page in pages for each in page]
    yield [close(handle)]
    return [each for each in found if each.name not in (b".", b"..")]


def read_file(path: bytes, part: int, start: int = 0, length: int | None = None) -> Talk[list[bytes] | None]:
    """Give the bytes of a regular file (a symlink is not followed), or `length` of them; None where there is none."""
    found = yield from look_for(path)
    if found is None or not stat.S_ISREG(found.mode):
        return None
    end = found.size if length is None else min(found.size, start + length)
    return (yield from read_piece(path, part, start, end))[1]


def read_piece(path: bytes, part: int, start: int, end: int) -> Talk[tuple[Attributes, list[bytes]]]:
    """Give the bytes from one place of a file to another (fewer where it ends before), and what it was once they were read.

    All is asked for at once, so that the last reply comes right after the bytes: a connection that is lost later loses nothing.
    """
    (handle,) = yield [open_file(path, READ)]
    reads = [read(handle, place, min(part, end - place)) for place in range(start, end, part)]
    *parts, attributes, _ = yield [*reads, look_at(handle), close(handle)]
    for number, place in enumerate(range(start, end, part)):
        wanted = min(part, end - place, attributes.size - place)
        if 0 < len(parts[number]) < wanted:  # a server may give less than it was asked for
            _, rest = yield from read_piece(path, part, place + len(parts[number]), place + wanted)
            parts[number] += b"".join(rest)
    return attributes, parts


def look_for(path: bytes) -> Talk[Attributes | None]:
    """Tell what lies at a path itself; None where there is nothing."""
    try:
        (found,) = yield [look(path)]
    except SftpStatusError as error:
        if not error.is_missing:
            raise
        return None
    attributes: Attributes = found
    return attributes


def make_last(path: bytes) -> Talk[None]:
    """Have a file on the server's disk; needs the extension FSYNC."""
    (handle,) = yield [open_file(path, WRITE)]
    yield [extended(FSYNC, handle), close(handle)]


def write_piece(path: bytes, part: int, start: int, content: bytes) -> Talk[None]:
    """Write bytes at a place of a file that is there."""
    (handle,) = yield [open_file(path, WRITE)]
    yield [*writes(handle, part, start, content), close(handle)]


def make_file(path: bytes, mode: int | None = None) -> Talk[None]:
    """Make an empty file under a name that nobody else knows, so that it may be made again where the reply was lost."""
    (handle,) = yield [open_file(path, WRITE | CREATE | TRUNCATE, mode)]
    yield [close(handle)]


def writes(handle: bytes, part: int, start: int, content: bytes) -> Iterator[Request]:
    """Ask for bytes to be written at a place of an open file."""
    view = memoryview(content)
    return (write(handle, start + place, view[place : place + part]) for place in range(0, len(content), part))


def make_directories(paths: Sequence[bytes]) -> Talk[None]:
    """Make directories, outer ones first, that may be there already."""
    for path in paths:
        try:
            yield [make_directory(path)]
        except SftpStatusError:
            found = yield from look_for(path)
            if found is None or not stat.S_ISDIR(found.mode):
                raise
