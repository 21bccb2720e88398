"""Whether what is to be written fits on the disk, found out before the first byte is written."""

import errno
import os
from pathlib import Path
from threading import Lock

from dws_core.errors import FileAccessError
from dws_core.objects.contents import Contents
from dws_core.objects.layout import PACKED_BELOW
from dws_core.objects.reflink import clone

_CLUSTER = 4096
# What a pack and its index hold for each object besides its bytes, and a tree for each name.
_OVERHEAD = 256


def space_for(size: int) -> int:
    """The bytes of the disk that a file of that size takes."""
    return -(-size // _CLUSTER) * _CLUSTER


def check_room(directory: Path, needed: int) -> None:
    """Raise a FileAccessError that tells both numbers unless so many bytes are free on the disk of a directory."""
    free = _free(directory)
    if needed > free:
        reason = f"{needed:,} bytes are needed, and {free:,} are free on that disk"
        raise FileAccessError(directory, OSError(errno.ENOSPC, reason))


class StoringRoom:
    """The room that storing files takes: at first no more than a bound of it is known, then what is truly new is counted."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._counted: set[bytes] = set()
        self._clones: bool | None = None
        self._needed = 0
        self._lock = Lock()

    def is_ample(self, sizes: list[int]) -> bool:
        """Tell whether files of these sizes fit whatever is in them."""
        return sum(map(space_for, sizes)) + _OVERHEAD * len(sizes) <= _free(self._contents.loose.directory)

    def count(self, identity: bytes, size: int, descriptor: int | None = None) -> None:
        """Count an object, unless it is there; a file (open under the descriptor) takes nothing where it can be cloned."""
        with self._lock:
            if identity in self._contents.known or identity in self._counted:
                return
            self._counted.add(identity)
            if descriptor is None or not self._is_cloned(descriptor):
                self._needed += size if size < PACKED_BELOW else space_for(size)
            self._needed += _OVERHEAD

    def check(self) -> None:
        """Raise a FileAccessError unless what was counted fits."""
        check_room(self._contents.loose.directory.parent, self._needed)

    def _is_cloned(self, descriptor: int) -> bool:
        if self._clones is None:
            copy, path = self._contents.loose.create()
            try:
                self._clones = clone(descriptor, copy)
            finally:
                path.unlink()
                os.close(copy)
        return self._clones


def _free(directory: Path) -> int:
    """The bytes that are free to others than the superuser."""
    place = directory
    while not place.exists():
        place = place.parent
    space = os.statvfs(place)
    return space.f_bavail * space.f_frsize
