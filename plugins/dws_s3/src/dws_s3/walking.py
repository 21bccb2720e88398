"""What lies below a prefix, level by level: pages over everything at once lose entries on servers that list by directory."""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple

from dws_s3.connection import Connection

_HANDS = 8


class Listed(NamedTuple):
    """One key, and the size of what is kept under it."""

    key: str
    size: int


class _Page(NamedTuple):
    listed: list[Listed]
    below: list[str]
    prefix: str
    following: str | None


def walk(connection: Connection, prefix: str) -> Iterator[Listed]:
    """Yield every key that begins with a prefix, in any order; several levels are asked for at once."""
    with ThreadPoolExecutor(_HANDS, thread_name_prefix="s3-list") as pool:
        waiting: set[Future[_Page]] = {pool.submit(_ask, connection, prefix, None)}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for page in [future.result() for future in done]:
                    if page.following is not None:
                        waiting.add(pool.submit(_ask, connection, page.prefix, page.following))
                    waiting |= {pool.submit(_ask, connection, below, None) for below in page.below}
                    yield from page.listed
        finally:
            for future in waiting:
                future.cancel()


def _ask(connection: Connection, prefix: str, following: str | None) -> _Page:
    on: dict[str, Any] = {"ContinuationToken": following} if following is not None else {}
    with connection.doing("list", prefix) as client:
        answer = client.list_objects_v2(Bucket=connection.place.bucket, Prefix=prefix, Delimiter="/", **on)
    listed = [Listed(each["Key"], each["Size"]) for each in answer.get("Contents", ())]
    below = [each["Prefix"] for each in answer.get("CommonPrefixes", ()) if each["Prefix"] != prefix]
    return _Page(listed, below, prefix, answer.get("NextContinuationToken") if answer.get("IsTruncated") else None)
