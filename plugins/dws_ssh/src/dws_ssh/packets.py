"""The packets of SFTP, version 3: how each request is written, and each reply read."""

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

from dws_ssh.errors import SftpStatusError, SpeechError

_WORD, _LONG = struct.Struct(">I"), struct.Struct(">Q")
_SIZE, _OWNER, _MODE, _TIMES, _EXTENDED = 1, 2, 4, 8, 0x80000000
_STATUS, _HANDLE, _DATA, _NAME, _ATTRIBUTES, _REPLY = 101, 102, 103, 104, 105, 201
_OK, _END = 0, 1
_READ_DIRECTORY = 12

READ, WRITE, CREATE, TRUNCATE = 0x01, 0x02, 0x08, 0x10
"""How a file is opened."""


class Request(NamedTuple):
    """What is asked of a server: the kind of packet, and what follows the number of the request."""

    kind: int
    payload: bytes


class Attributes(NamedTuple):
    """What a server tells of a file: -1 where it does not."""

    size: int = -1
    mode: int = -1
    modified: int = -1


class Named(NamedTuple):
    """One thing in a directory of the server."""

    name: bytes
    attributes: Attributes


def open_file(path: bytes, flags: int, mode: int | None = None) -> Request:
    return Request(3, _text(path) + _WORD.pack(flags) + _mode(mode))


def close(handle: bytes) -> Request:
    return Request(4, _text(handle))


def read(handle: bytes, start: int, length: int) -> Request:
    return Request(5, _text(handle) + _LONG.pack(start) + _WORD.pack(length))


def write(handle: bytes, start: int, content: bytes | memoryview) -> Request:
    return Request(6, b"".join((_text(handle), _LONG.pack(start), _WORD.pack(len(content)), content)))


def look(path: bytes, *, follow: bool = False) -> Request:
    return Request(17 if follow else 7, _text(path))


def look_at(handle: bytes) -> Request:
    return Request(8, _text(handle))


def set_mode(path: bytes, mode: int) -> Request:
    return Request(9, _text(path) + _mode(mode))


def open_directory(path: bytes) -> Request:
    return Request(11, _text(path))


def read_directory(handle: bytes) -> Request:
    return Request(_READ_DIRECTORY, _text(handle))


def remove(path: bytes) -> Request:
    return Request(13, _text(path))


def make_directory(path: bytes, mode: int | None = None) -> Request:
    return Request(14, _text(path) + _mode(mode))


def remove_directory(path: bytes) -> Request:
    return Request(15, _text(path))


def resolve(path: bytes) -> Request:
    return Request(16, _text(path))


def rename(old: bytes, new: bytes) -> Request:
    """Rename what is not to replace anything."""
    return Request(18, _text(old) + _text(new))


def read_link(path: bytes) -> Request:
    return Request(19, _text(path))


def make_link(target: bytes, path: bytes) -> Request:
    """Make a symlink; the arguments in the order in which OpenSSH, and whoever follows it, takes them."""
    return Request(20, _text(target) + _text(path))


def extended(name: str, *texts: bytes) -> Request:
    """Ask for what version 3 itself does not have."""
    return Request(200, _text(name.encode()) + b"".join(map(_text, texts)))


def parse(kind: int, body: memoryview, asked: int) -> Any:
    """Give what a reply says to a request of that kind; a status other than success is answered as an SftpStatusError.

    That there is no more is the empty answer of whoever reads on.
    """
    if kind == _STATUS:
        return _status(body, asked)
    if kind in (_HANDLE, _DATA):
        return bytes(_take(body, 0)[0])
    if kind == _NAME:
        return _names(body)
    if kind == _ATTRIBUTES:
        return _attributes(body, 0)[0]
    if kind == _REPLY:
        return bytes(body)
    raise SpeechError(f"it sent a packet of kind {kind}")


def _status(body: memoryview, asked: int) -> SftpStatusError | list[Named] | bytes | None:
    code = _WORD.unpack_from(body)[0]
    if code == _OK:
        return None
    if code == _END:
        return [] if asked == _READ_DIRECTORY else b""
    return SftpStatusError(code, bytes(_take(body, 4)[0]).decode("utf-8", "replace") if len(body) > 4 else "")


def numbers(reply: bytes, count: int) -> Sequence[int]:
    """Read the numbers that an extended reply begins with."""
    return struct.unpack_from(f">{count}Q", reply)


def pairs(body: memoryview) -> dict[str, bytes]:
    """Read the extensions that a server tells of when it is greeted."""
    found, place = {}, 0
    while place < len(body):
        name, place = _take(body, place)
        value, place = _take(body, place)
        found[bytes(name).decode("ascii", "replace")] = bytes(value)
    return found


def _text(content: bytes) -> bytes:
    return _WORD.pack(len(content)) + content


def _mode(mode: int | None) -> bytes:
    return _WORD.pack(0) if mode is None else _WORD.pack(_MODE) + _WORD.pack(mode)


def _take(body: memoryview, place: int) -> tuple[memoryview, int]:
    length = _WORD.unpack_from(body, place)[0]
    end = place + 4 + length
    if end > len(body):
        raise SpeechError("it sent a packet that ends too early")
    return body[place + 4 : end], end


def _names(body: memoryview) -> list[Named]:
    count, place, found = _WORD.unpack_from(body)[0], 4, []
    for _ in range(count):
        name, place = _take(body, place)
        _, place = _take(body, place)
        attributes, place = _attributes(body, place)
        found.append(Named(bytes(name), attributes))
    return found


def _attributes(body: memoryview, place: int) -> tuple[Attributes, int]:
    flags = _WORD.unpack_from(body, place)[0]
    place += 4
    size = mode = modified = -1
    if flags & _SIZE:
        size, place = _LONG.unpack_from(body, place)[0], place + 8
    if flags & _OWNER:
        place += 8
    if flags & _MODE:
        mode, place = _WORD.unpack_from(body, place)[0], place + 4
    if flags & _TIMES:
        modified, place = _WORD.unpack_from(body, place + 4)[0], place + 8
    if flags & _EXTENDED:
        count, place = _WORD.unpack_from(body, place)[0], place + 4
        for _ in range(2 * count):
            _, place = _take(body, place)
    return Attributes(size, mode, modified), place
