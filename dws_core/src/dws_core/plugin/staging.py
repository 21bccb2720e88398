"""A staging directory: new content lies in it, whole and checked, before it appears by rename."""

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME = re.compile(r"\.dws-staging-[0-9a-f]{16}")
_NAME_BYTES = re.compile(rb"\.dws-staging-[0-9a-f]{16}")


def is_staging(name: str | bytes) -> bool:
    """Tell whether a name is one of ours for a moment, which no version of a directory holds."""
    return bool(_NAME_BYTES.fullmatch(name) if isinstance(name, bytes) else _NAME.fullmatch(name))


@contextmanager
def staging(directory: Path) -> Iterator[Path]:
    """Make a staging directory in `directory`, so that a rename suffices, and remove it and those a dead command left.

    The workspace's lock is held, so that whatever is found there is a dead command's.
    """
    sweep(directory)
    with staging_beside_others(directory) as made:
        yield made


@contextmanager
def staging_beside_others(directory: Path) -> Iterator[Path]:
    """Make a staging directory, and remove it, where others may be at work: what they make is left alone.

    A command that holds the lock takes it for a dead one's and removes it; whoever uses it begins anew then.
    """
    made = directory / f".dws-staging-{secrets.token_hex(8)}"
    made.mkdir(mode=0o700)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sweep(directory: Path) -> None:
    """Remove the staging directories that a dead command left in a directory."""
    with os.scandir(directory) as found:
        left = [each.path for each in found if each.name.startswith(".dws-") and is_staging(each.name)]
    for path in left:
        shutil.rmtree(path)


def plain_mode(*, executable: bool) -> int:
    """Answer the mode of a new file: what umask allows, and not more."""
    mask = os.umask(0o077)
    os.umask(mask)
    return (0o777 if executable else 0o666) & ~mask


def set_executable(descriptor: int, *, executable: bool) -> None:
    """Give or take the executable bit of an open file, opening it no further than umask allows."""
    mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
    readers = (mode & 0o444) >> 2
    with suppress(PermissionError):
        os.fchmod(descriptor, mode | (readers & plain_mode(executable=True)) if executable else mode & ~0o111)
