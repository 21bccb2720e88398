"""A look at what lies in a bucket now, level by level, whether or not it keeps versions."""

from collections.abc import Iterator

from dws_s3.connection import Connection
from dws_s3.copied.names import IS_DIRECTORY, NOT_SHOWN, KeysRefusedError, is_marker, why_no_file
from dws_s3.copied.picture import Found, Picture
from dws_s3.levels import walk
from dws_s3.page import Entry, Page
from dws_s3.pages import CurrentPages


def look(connection: Connection, start: bytes, picture: Picture, pages: int | None = None) -> None:
    """Take in all objects below a prefix, or those of some pages; KeysRefusedError where they cannot all be files."""
    bucket = connection.place.bucket
    refused: list[tuple[bytes, str]] = []
    with connection.doing("list") as client:
        walking = walk(CurrentPages(client, bucket), start, picture.spool)
        for number, (_, page) in enumerate(walking, 1):
            refused += _refused(start, page)
            picture.add(_found(start, entry) for entry in page.entries if entry.key != start and _is_object(entry))
            if number == pages:
                walking.close()
    refused += ((start + path, IS_DIRECTORY) for path in picture.finish())
    if refused:
        raise KeysRefusedError(bucket, sorted(refused))


def look_at(connection: Connection, start: bytes, picture: Picture, name: bytes) -> None:
    """Take in the one object of a name directly below a prefix, if it is there."""
    key, after = start + name, None
    with connection.doing("list") as client:
        pages = CurrentPages(client, connection.place.bucket)
        while True:  # what begins like it comes after it, and is mostly all on the first page
            page = pages.get(key, after)
            found = [_found(start, entry) for entry in page.entries if entry.key == key]
            if found or page.after is None:
                picture.add(found)
                return
            after = page.after


def _found(start: bytes, entry: Entry) -> Found:
    return Found(entry.key.removeprefix(start), entry.size, entry.etag, entry.modified)


def _is_object(entry: Entry) -> bool:
    """Tell objects from the directories that a server keeps for itself and lists, without an ETag, once they are empty."""
    return bool(entry.etag) or not is_marker(entry.key)


def _refused(start: bytes, page: Page) -> Iterator[tuple[bytes, str]]:
    """Yield the keys of a page that can be the names of no files, with the reasons."""
    yield from ((key, NOT_SHOWN) for key in page.unreadable())
    for entry in page.entries:
        path = entry.key.removeprefix(start)
        reason = why_no_file(path, entry.size) if path or entry.size else ""
        if reason:
            yield entry.key, reason
