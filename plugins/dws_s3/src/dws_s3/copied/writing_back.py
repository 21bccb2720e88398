"""Making a bucket hold what a recorded version does: what differs is put, and what was not there is deleted.

Whatever somebody changed since it was looked at stays, as far as the server knows conditions.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from dws_core.errors import ResourceError
from dws_s3.copied.memory import ANY_TIME, Memory
from dws_s3.copied.names import is_marker
from dws_s3.copied.picture import Found, Picture
from dws_s3.errors import RequestRefusedError
from dws_s3.extent import Extent
from dws_s3.keys import parameter, text_of
from dws_s3.multipart import TAKEN, Sent
from dws_s3.putting import BUSY, UNKNOWN, Putting
from dws_s3.several import several_at_once
from dws_s3.source import opened

_HANDS = 16
_HANDS_FOR_LARGE = 3
_LARGE = 8 * 1024 * 1024
"""Files of so many bytes are in memory while they are sent, few at once."""

_AT_ONCE = 512

_TO_PUT = (
    "SELECT recorded.path, recorded.id, recorded.size, now.etag FROM recorded LEFT JOIN now USING (path) "
    "WHERE recorded.leaf AND (now.path IS NULL OR now.id IS NOT recorded.id)"
)
_IS_MARKER = "substr(recorded.path, -1) = x'2f'"
# A directory that holds something may have an object of its own or not: that makes no other version.
_UNWANTED = "SELECT path, etag FROM now WHERE NOT EXISTS (SELECT 1 FROM recorded WHERE recorded.path = now.path)"
_BELOW = "{0}.path >= CAST({1}.path || '/' AS BLOB) AND {0}.path < CAST({1}.path || '0' AS BLOB)"
# Some servers cannot hold a file where a directory is: what stands in the way goes first, and all else last.
_IN_THE_WAY = (
    f"{_UNWANTED} AND (EXISTS (SELECT 1 FROM recorded WHERE {_BELOW.format('recorded', 'now')}) OR path IN "
    f"(SELECT now.path FROM recorded JOIN now ON {_BELOW.format('now', 'recorded')} WHERE substr(recorded.path, -1) <> x'2f'))"
)

Done = TypeVar("Done")


class StillSeenError(ResourceError):
    """What lies in the bucket was not kept, since an older version is seen in its place."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is seen as it was, so that what lies in the bucket now was not kept, and is not overwritten",
            hint=f"`dws live {name}` has it seen as it is; then try again",
        )


class WritingBack:
    """The bucket that is written to, and where the content is read: `content` opens a recorded file."""

    def __init__(self, extent: Extent, memory: Memory, content: Callable[[str], BinaryIO]) -> None:
        self._extent = extent
        self._memory = memory
        self._content = content
        self._putting = Putting(extent.connection)
        self._start = extent.key("")

    def bring(self, picture: Picture) -> None:
        """Make what lies there what is recorded in a picture."""
        count, size = picture.spool.one(f"SELECT count(*), total(size) FROM ({_TO_PUT})")
        self._extent.progress.expect(files=count, size=int(size))
        rows = picture.spool.rows
        self._delete_all(rows(_IN_THE_WAY))
        self._put_all(rows(f"{_TO_PUT} AND NOT {_IS_MARKER} ORDER BY path"))
        self._delete_all(rows(_UNWANTED))
        self._put_all(rows(f"{_TO_PUT} AND {_IS_MARKER}"))  # last, when nothing lies in those directories any more

    def _put_all(self, rows: Iterator[Any]) -> None:
        while some := list(islice(rows, _AT_ONCE)):
            hands = _HANDS if all(row[2] < _LARGE for row in some) else _HANDS_FOR_LARGE
            put = several_at_once(self._put, some, hands)
            self._memory.keep(self._start, (each for each in put if each is not None))

    def _delete_all(self, rows: Iterator[Any]) -> None:
        while some := list(islice(rows, _AT_ONCE)):
            several_at_once(self._delete, some, _HANDS)

    def _delete(self, row: tuple[bytes, str]) -> None:
        path, etag = row
        key = parameter(self._start + path)
        with suppress(FileNotFoundError):
            _if_unchanged(lambda condition: self._delete_key(key, condition), _same(etag))

    def _delete_key(self, key: str, condition: dict[str, Any]) -> None:
        with self._extent.connection.doing("delete", key) as client:
            client.delete_object(Bucket=self._extent.bucket, Key=key, **condition)

    def _put(self, row: Any) -> tuple[Found, str] | None:
        """Put one, and answer as what it can be told from now on; None where somebody changed it meanwhile."""
        path, id_, size, etag = row
        key = parameter(self._start + path)
        # A directory that a server keeps for itself would count as an object that stands for it.
        condition = {} if is_marker(path) else {"IfNoneMatch": "*"} if etag is None else _same(etag)
        sent: Sent | None = None
        with self._opened(path) as content, opened(content, size, key) as source, suppress(FileNotFoundError):
            sent = _if_unchanged(lambda condition: self._putting.replace(key, source, condition), condition)
        self._extent.progress.advance(files=1, size=size)
        return (Found(path, size, sent.etag.strip('"'), ANY_TIME), id_) if sent is not None and id_ else None

    def _opened(self, path: bytes) -> BinaryIO:
        return BytesIO() if is_marker(path) else self._content(text_of(path))


def _same(etag: str) -> dict[str, Any]:
    return {"IfMatch": f'"{etag}"'} if etag else {}


def _if_unchanged(work: Callable[[dict[str, Any]], Done], condition: dict[str, Any]) -> Done | None:
    """Do something under a condition, if the server knows such; None where it did not hold, which the next look tells."""
    try:
        return work(condition)
    except RequestRefusedError as refusal:
        if refusal.code in (*TAKEN, *BUSY):
            return None
        if refusal.code not in UNKNOWN or not condition:
            raise
    return work({})
