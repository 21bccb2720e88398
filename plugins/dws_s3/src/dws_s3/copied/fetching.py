"""Fetching objects to be hashed or kept, several at once, each through a private file that is gone at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeAlias

from dws_core.errors import FileAccessError
from dws_core.plugin import Entry, EntryKind, Objects
from dws_s3.copied.memory import Memory
from dws_s3.copied.picture import Found, Picture, Which
from dws_s3.errors import ChangedMeanwhileError
from dws_s3.extent import Extent
from dws_s3.fleeting import Fleeting
from dws_s3.keys import parameter
from dws_s3.several import several_at_once
from dws_s3.streaming import stream

_HANDS = 8

Taking: TypeAlias = Callable[[], AbstractContextManager[Callable[[Path], Entry]]]
"""What becomes of a file that came, until the end of a block: its entry is answered."""


def hashing(objects: Objects) -> Taking:
    """Have what comes hashed, and nothing stored."""

    @contextmanager
    def taking() -> Iterator[Callable[[Path], Entry]]:
        yield lambda file: Entry(file.name, EntryKind.FILE, objects.identify(file.parent, file.name), file.stat().st_size)

    return taking


def fetch(extent: Extent, picture: Picture, which: Which, taking: Taking, memory: Memory) -> bool:
    """Read the wanted files of a picture, and tell whether all were there as they are listed.

    What came is remembered some at a time, so that a command that is ended in the middle has not worked in vain.
    """
    start, all_came = extent.key(""), True
    with Fleeting(extent.private, "incoming-") as directory:
        for some in picture.unread(which):
            extent.progress.expect(files=len(some), size=sum(each.size for each in some))
            with taking() as take:
                found = _fetch_some(extent, directory.path, some, take)
            memory.keep(start, found)
            picture.identify(found)
            all_came &= len(found) == len(some)
    return all_came


def _fetch_some(extent: Extent, directory: Path, some: list[Found], take: Callable[[Path], Entry]) -> list[tuple[Found, str]]:
    ids = several_at_once(lambda each: _fetch_one(extent, directory, each, take), some, _HANDS)
    return [(each, id_) for each, id_ in zip(some, ids, strict=True) if id_ is not None]


def _fetch_one(extent: Extent, directory: Path, wanted: Found, take: Callable[[Path], Entry]) -> str | None:
    """Answer the id of an object's content; None where it is no longer what is listed."""
    file = directory / f"{threading.get_ident()}"
    try:
        if not _download(extent, wanted, file):
            return None
        entry = take(file)
    finally:
        file.unlink(missing_ok=True)
    extent.progress.advance(files=1, size=wanted.size)
    return entry.id if entry.size == wanted.size else None


def _download(extent: Extent, wanted: Found, file: Path) -> bool:
    key = parameter(extent.key("") + wanted.path)
    try:
        with file.open("wb") as target:
            for piece in stream(extent.connection, key, etag=f'"{wanted.etag}"' if wanted.etag else None):
                target.write(piece)
    except (ChangedMeanwhileError, FileNotFoundError):
        return False
    except OSError as error:
        raise FileAccessError(file, error) from error
    return True
