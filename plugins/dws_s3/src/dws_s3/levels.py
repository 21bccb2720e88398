"""Walking through a bucket level by level, several levels at once, what is still to be walked on disk."""

from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from dws_s3.page import DELIMITER, Page
from dws_s3.pages import Pages
from dws_s3.resuming import complete_part
from dws_s3.spool import Spool

THREADS = 8
"""How many requests are under way at once; botocore's own pool has ten connections."""

PENDING = "pending (number INTEGER PRIMARY KEY, prefix BLOB NOT NULL)"
"""The table that a spool must have for a walk."""


def walk(pages: Pages, prefix: bytes, spool: Spool, threads: int = THREADS) -> Generator[tuple[bytes, Page], None, None]:
    """Yield all pages below a prefix, each with the prefix of its level: those of one level in order, levels mixed.

    Servers that page through directories lose versions where pages run over several levels. What such a server may have lost
    between the pages of one level is asked for by itself at the end, in a page of its own: its current version alone.
    """
    spool.do("DELETE FROM pending")
    doubtful: dict[bytes, set[bytes]] = {}
    running: dict[Future[Page], bytes] = {}
    with ThreadPoolExecutor(threads, thread_name_prefix="dws-s3-listing") as pool:

        def ask_more() -> None:
            while len(running) < threads and (level := _pop(spool)) is not None:
                running[pool.submit(pages.get, level)] = level

        try:
            _push(spool, [prefix])
            ask_more()
            while running:
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    level = running.pop(done)
                    page, names = complete_part(level, done.result())
                    if names:
                        doubtful.setdefault(level, set()).update(names)
                    lacking = sorted(doubtful.pop(level, ())) if page.after is None else []
                    _push(spool, [*page.prefixes, *(name + DELIMITER for name in lacking)])
                    if page.after is not None:
                        running[pool.submit(pages.get, level, page.after)] = level
                    ask_more()
                    yield level, page
                    for name in lacking:
                        yield level, pages.get_one(name)
        finally:
            for future in running:
                future.cancel()


def _push(spool: Spool, prefixes: list[bytes]) -> None:
    spool.add("INSERT INTO pending (prefix) VALUES (?)", ((each,) for each in reversed(prefixes)))


def _pop(spool: Spool) -> bytes | None:
    """Take the prefix that was met last, so that few are waiting; None if there is none."""
    found = spool.one("SELECT number, prefix FROM pending ORDER BY number DESC LIMIT 1")
    if found is None:
        return None
    spool.do("DELETE FROM pending WHERE number = ?", found[0])
    return bytes(found[1])
