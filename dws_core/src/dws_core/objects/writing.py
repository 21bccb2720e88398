"""How files of the store are written: to a temporary file, flushed, then renamed."""

import os
import secrets
from pathlib import Path

from dws_core.objects.layout import DIRECTORY_MODE, FILE_MODE

TEMPORARY = "tmp-"


def make_directory(path: Path) -> None:
    """Make a directory that this user alone may enter, and those above it that are not there."""
    if not path.parent.is_dir():
        make_directory(path.parent)
    path.mkdir(mode=DIRECTORY_MODE, exist_ok=True)


def temporary(directory: Path) -> Path:
    """Name a temporary file that nothing else has."""
    return directory / f"{TEMPORARY}{secrets.token_hex(12)}"


def write_whole(path: Path, content: bytes | bytearray, *, lasting: bool = True) -> None:
    """Write a file so that it is there whole or not at all; where it is `lasting`, also after a loss of power."""
    unfinished = temporary(path.parent)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE), "wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_all(descriptor: int, content: bytes | bytearray | memoryview, path: str | Path) -> None:
    """Write every byte, however many calls it takes; an OSError names the path."""
    rest = memoryview(content)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def write_at(descriptor: int, content: bytes | memoryview, place: int, path: str | Path) -> None:
    """Write every byte at a place of a file; an OSError names the path."""
    rest = memoryview(content)
    try:
        while rest:
            count = os.pwrite(descriptor, rest, place)
            rest, place = rest[count:], place + count
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def sync_directory(path: Path) -> None:
    """Make the names in a directory last."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_temporaries(directory: Path) -> None:
    """Remove what a dead writer left in a directory; there is one writer at a time."""
    for path in directory.glob(f"{TEMPORARY}*"):
        path.unlink(missing_ok=True)
