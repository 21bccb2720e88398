"""Tells which files here have the content that the remote says its files have."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.plugin import Entry
from dws_rclone.listing import Listing
from dws_rclone.names import from_rclone, to_rclone
from dws_rclone.rclone import LOOK, Rclone, names_file

_OURS = ("md5", "sha1", "sha256", "sha512")
# Up to there an object's id is the SHA-256 of its content.
_WHOLE = 64 * 1024 * 1024


def same(rclone: Rclone, directory: Path, here: Mapping[str, Entry], there: Listing, paths: Collection[str]) -> set[str]:
    """Name the paths, of equal size on both sides, whose content is equal; where the remote gives no checksum, whose time is."""
    marks = {path: there.files[path] for path in paths}
    unread = [path for path, mark in marks.items() if mark.hash and not _is_id(there.kind, here[path])]
    sums = _sums(rclone, directory, there.kind, unread)
    sums |= {path: here[path].id for path, mark in marks.items() if mark.hash and path not in sums and path not in unread}
    by_time = {path for path, mark in marks.items() if not mark.hash and mark.modified in ("", _modified(directory / path))}
    return by_time | {path for path, found in sums.items() if found == marks[path].hash}


def _is_id(kind: str, entry: Entry) -> bool:
    return kind == "sha256" and entry.size <= _WHOLE


def _sums(rclone: Rclone, directory: Path, kind: str, paths: Collection[str]) -> dict[str, str]:
    if kind in _OURS:
        return {path: _sum(directory / path, kind) for path in paths}
    if not paths:
        return {}
    with names_file(filter(None, map(to_rclone, paths))) as names:
        wanted = ("--hash", "--hash-type", kind, "--files-from-raw", names)
        found = rclone.ask(f"read {directory}", "lsjson", "--recursive", "--files-only", *LOOK, *wanted, "--", str(directory))
    return {from_rclone(each["Path"]): (each.get("Hashes") or {}).get(kind, "") for each in found}


def _sum(path: Path, kind: str) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, kind).hexdigest()
    except OSError as error:
        raise FileAccessError(path, error) from error


def _modified(path: Path) -> str:
    try:
        return str(int(path.stat().st_mtime))
    except OSError as error:
        raise FileAccessError(path, error) from error
