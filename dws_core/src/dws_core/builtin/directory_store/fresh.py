"""Files under a name for the moment: what is put is written to one, and only then gets its own name, whole."""

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

_NAME = re.compile(r"\.dws-put-[0-9a-f]{24}")
_OLD = 24 * 60 * 60
_WITHOUT_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


@contextmanager
def fresh_file(directory: int) -> Iterator[tuple[str, BinaryIO]]:
    """Open a new file in a directory that is held open, as readable as umask allows, and remove that name in the end."""
    name = f".dws-put-{secrets.token_hex(12)}"
    descriptor = os.open(name, _NEW, 0o666, dir_fd=directory)
    try:
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123  # pathlib takes no descriptors
            yield name, file
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=directory)


def put_in_place(directory: int, fresh: str, name: str) -> None:
    """Give a fresh file its own name; what has that name already stays."""
    try:
        os.link(fresh, name, src_dir_fd=directory, dst_dir_fd=directory, follow_symlinks=False)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _WITHOUT_LINKS:
            raise
        # Two that come this far at the same moment bring the same bytes: names are made of hashes.
        if not is_file(directory, name):
            os.rename(fresh, name, src_dir_fd=directory, dst_dir_fd=directory)


def is_file(directory: int, name: str) -> bool:
    """Tell whether a file has a name; FileExistsError where something else has."""
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)
    return True


def remove_old(directory: int, names: Iterable[str], now: float) -> None:
    """Remove the fresh files among these that nobody wrote to for a day, by the place's own clock: their writers are dead."""
    for name in filter(_NAME.fullmatch, names):
        with suppress(FileNotFoundError):
            if now - os.stat(name, dir_fd=directory, follow_symlinks=False).st_mtime > _OLD:
                os.unlink(name, dir_fd=directory)
