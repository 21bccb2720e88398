"""What the file system says of one file, as a row of bytes: an equal row is an unchanged file."""

import os
import stat
import struct
import time
from typing import NamedTuple

from dws_core.objects.tree import EXECUTABLE, FILE, SYMLINK

ROW = struct.Struct("<BQqqQ")
ROW_SIZE = ROW.size
DIRECTORY_ROW = bytes([4]) + bytes(ROW_SIZE - 1)
UNKNOWN_ROW = bytes(ROW_SIZE)

# No file system in use counts time in larger steps than two seconds (FAT does).
_SAFELY_OLDER = 2_000_000_000


class Moment(NamedTuple):
    """A point in time: what is not older than `safe` might yet change without its times doing so.

    Of files on the disk `device`, whose own clock was read, that is so only of those not older than `exact`.
    """

    safe: int
    device: int = 0
    exact: int = 0


def row_of(status: os.stat_result) -> bytes:
    """Write down kind, size, times and inode of a file or symlink."""
    file = EXECUTABLE if status.st_mode & 0o100 else FILE
    kind = SYMLINK if stat.S_ISLNK(status.st_mode) else file
    return ROW.pack(kind, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def is_same_content(row: bytes, status: os.stat_result) -> bool:
    """Tell whether a file is the one in a row, unwritten since; its mode, and with a rename its ctime, may differ."""
    _, size, modified, _, inode = ROW.unpack(row)
    return (status.st_size, status.st_mtime_ns, status.st_ino) == (size, modified, inode)


def split_rows(rows: bytes) -> list[bytes]:
    return [rows[start : start + ROW_SIZE] for start in range(0, len(rows), ROW_SIZE)]


def moment() -> Moment:
    """The time against which the times in a row are safely older or not; taken before the row is."""
    return Moment(time.time_ns() - _SAFELY_OLDER)


def is_racy(status: os.stat_result, moment: Moment) -> bool:
    """Tell whether a file might change yet without its row changing."""
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    if moment.device and status.st_dev == moment.device:
        return newest >= moment.exact
    return newest >= moment.safe


def same_moment(one: os.stat_result, other: os.stat_result) -> bool:
    """Tell whether an open file has stayed as it was between two looks at it."""
    return (one.st_size, one.st_mtime_ns, one.st_ctime_ns) == (other.st_size, other.st_mtime_ns, other.st_ctime_ns)
