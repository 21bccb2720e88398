"""What a resource holds, as a suite sees it, with awkward examples."""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from dws_core.model.changes import Changes


@dataclass(frozen=True)
class File:
    """A file's bytes and its executable bit."""

    content: bytes
    executable: bool = False


@dataclass(frozen=True)
class Link:
    """A symlink and where it points."""

    target: str


@dataclass(frozen=True)
class EmptyDirectory:
    """A directory that holds nothing."""


Item: TypeAlias = File | Link | EmptyDirectory
Content: TypeAlias = Mapping[str, Item]

_PLAIN: Content = {
    "data.csv": File(b"x,y\n1,2\n"),
    "deep/er/part.csv": File(b"x,y\n3,4\n"),
    "deep/other.csv": File(b"x,y\n5,6\n"),
}
_EDITED: Content = {
    "data.csv": File(b"x,y\n1,9\n"),  # as long as before
    "deep/er/part.csv": File(b"x,y\n3,4\n"),
    "new.csv": File(b"x,y\n"),
}
_AWKWARD: Content = {
    "binary.bin": File(bytes(range(256)) * 700),
    "bytes-\udcff": File(b"a name that is no UTF-8"),
    "caf\u00e9 \u4e16\u754c.txt": File("caf\u00e9\n".encode()),
    "carriage.txt": File(b"one\r\ntwo\r\n"),
    "empty": File(b""),
    "-rf": File(b"a name that looks like an option"),
    "name with spaces": File(b"spaces"),
    "\"quoted\" 'twice' $HOME;`id`": File(b"quotes"),
    "new\nline": File(b"newline"),
    "back\\slash": File(b"backslash"),
    "tool": File(b"#!/bin/sh\nexit 0\n", executable=True),
    "empty directory/inside": EmptyDirectory(),
    "link": Link("empty"),
    "dangling": Link("nowhere/at all"),
    "link to directory": Link("empty directory"),
}
_SWAPPED: Content = {
    "binary.bin": File(bytes(reversed(range(256))) * 700),
    "data.csv/is a directory now": File(b"x"),
    "deep": File(b"a file now"),
    "empty": File(b"no longer"),
    "tool": File(b"#!/bin/sh\nexit 0\n"),
    "link": File(b"a file now"),
    "dangling": Link("empty"),
}

DIRECTORY_SAMPLES: tuple[Content, ...] = (_PLAIN, _EDITED, _AWKWARD, _SWAPPED, {})


def differences(old: Content, new: Content) -> Changes:
    """Tell what differs, as `Changes` does: files, links and empty directories by path."""
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(path for path in old.keys() & new.keys() if old[path] != new[path])),
    )


def write_directory(directory: Path, content: Content, *, keep: Collection[str] = ()) -> None:
    """Make a directory hold exactly this, besides the top-level names to `keep`."""
    directory.mkdir(parents=True, exist_ok=True)
    for child in directory.iterdir():
        if child.name not in keep:
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
    for path, item in content.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(item, File):
            place.write_bytes(item.content)
            place.chmod(0o755 if item.executable else 0o644)
        elif isinstance(item, Link):
            place.symlink_to(item.target)
        else:
            place.mkdir()


def read_directory(directory: Path, *, keep: Collection[str] = ()) -> Content:
    """Read what a directory holds, besides the top-level names to `keep`."""
    return dict(_walk(directory, "", keep))


def _walk(directory: Path, prefix: str, skip: Collection[str]) -> Iterator[tuple[str, Item]]:
    for entry in sorted(os.scandir(directory), key=lambda entry: entry.name):
        path = prefix + entry.name
        if entry.name in skip:
            continue
        if entry.is_symlink():
            yield path, Link(os.readlink(entry.path))  # noqa: PTH115  # Path.readlink would change './x' to 'x'
        elif entry.is_dir():
            inner = dict(_walk(Path(entry.path), f"{path}/", ()))
            yield from inner.items() if inner else [(path, EmptyDirectory())]
        else:
            yield path, File(Path(entry.path).read_bytes(), executable=bool(entry.stat().st_mode & 0o100))
