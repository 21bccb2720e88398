"""The ids of files as they are, read again only where something of them may have changed."""

import hashlib
import os
import secrets
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dws_core.errors import FileAccessError, UnstableFileError
from dws_git.listing import EXECUTABLE, FILE, SYMLINK, Item, Listing, blob_id
from dws_git.worktree import Walked

_FORMAT = "dws-git-1"
_TRIES = 3
_CHUNK = 1 << 20
# A file that was written this shortly before it was read may be written again without its times telling: in nanoseconds,
# for a file system that keeps fine times, and for one that keeps seconds.
_FINE, _COARSE = 50_000_000, 2_000_000_000


class _Stamp(NamedTuple):
    size: int
    modified: int
    changed: int
    number: int
    mode: str

    @classmethod
    def of(cls, found: os.stat_result) -> "_Stamp":
        mode = SYMLINK if stat.S_ISLNK(found.st_mode) else EXECUTABLE if found.st_mode & 0o100 else FILE
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, mode)


class Hasher:
    """Knows the ids of a directory's files from the last time, in a table of its own."""

    def __init__(self, table: Path, algorithm: str) -> None:
        self._table = table
        self._algorithm = algorithm

    def hash(self, directory: Path, walked: Walked) -> Listing:
        """Answer what is there; a file that keeps changing while it is read is an UnstableFileError."""
        known = self._load()
        rows: dict[str, tuple[_Stamp, str]] = {}
        listing: Listing = {}
        for path, found in walked.files.items():
            stamp = _Stamp.of(found)
            row = known.get(path)
            if row is None or row[0] != stamp:
                started = time.time_ns()
                stamp, identity = _read(directory / path, stamp, self._algorithm)
                # What is not safely older than this reading is remembered with a stamp that fits nothing.
                row = (stamp if _is_settled(stamp, started) else stamp._replace(number=-1), identity)
            rows[path] = row
            listing[path] = Item(stamp.mode, row[1])
        if rows != known:
            self._save(rows)
        return listing

    def _load(self) -> Mapping[str, tuple[_Stamp, str]]:
        try:
            fields = os.fsdecode(self._table.read_bytes()).split("\0")
            if fields[0] != f"{_FORMAT} {self._algorithm}" or fields[-1] != "end":
                return {}
            rows = iter(fields[1:-1])
            return {
                path: (_Stamp(int(size), int(modified), int(changed), int(number), mode), identity)
                for path, size, modified, changed, number, mode, identity in zip(*[rows] * 7, strict=True)
            }
        except (OSError, ValueError):
            return {}  # it only saves time: what is missing is read again

    def _save(self, rows: Mapping[str, tuple[_Stamp, str]]) -> None:
        fields = [f"{_FORMAT} {self._algorithm}"]
        for path, (stamp, identity) in rows.items():
            fields += (path, str(stamp.size), str(stamp.modified), str(stamp.changed), str(stamp.number), stamp.mode, identity)
        fields.append("end")
        beside = self._table.with_name(f"{self._table.name}-{secrets.token_hex(4)}")
        try:
            self._table.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_bytes(os.fsencode("\0".join(fields)))
            beside.replace(self._table)
        except OSError:
            with suppress(OSError):  # a table that cannot be kept costs time, nothing else
                beside.unlink()


def hash_file(path: Path, algorithm: str) -> str:
    """Answer the id of one file or symlink as it is now."""
    return _read(path, _Stamp.of(path.lstat()), algorithm)[1]


def _is_settled(stamp: _Stamp, started: int) -> bool:
    margin = _FINE if stamp.changed % 1_000_000 else _COARSE
    return max(stamp.changed, stamp.modified) < started - margin


def _read(path: Path, stamp: _Stamp, algorithm: str) -> tuple[_Stamp, str]:
    try:
        for _ in range(_TRIES):
            identity = _hash(path, stamp, algorithm)
            after = _Stamp.of(path.lstat())
            if identity is not None and after == stamp:
                return stamp, identity
            stamp = after
    except OSError as error:
        raise FileAccessError(path, error) from error
    raise UnstableFileError(path)


def _hash(path: Path, stamp: _Stamp, algorithm: str) -> str | None:
    if stamp.mode == SYMLINK:
        return blob_id(os.fsencode(os.readlink(path)), algorithm)  # noqa: PTH115  # Path.readlink would change './x' to 'x'
    counted = 0
    sha = hashlib.new(algorithm, b"blob %d\0" % stamp.size, usedforsecurity=False)
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            counted += len(chunk)
            sha.update(chunk)
    return sha.hexdigest() if counted == stamp.size else None
