"""Walking through a bucket level by level, several levels at once, what is still to be walked on disk."""

from collections.abc import Generator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from dws_s3.page import Marker, Page
from dws_s3.pages import Pages
from dws_s3.spool import Spool

THREADS = 8
"""How many requests are under way at once; botocore's own pool has ten connections."""

PENDING = "pending (number INTEGER PRIMARY KEY, prefix BLOB NOT NULL)"
"""The table that a spool must have for a walk."""


def walk(pages: Pages, prefix: bytes, spool: Spool, threads: int = THREADS) -> Generator[tuple[bytes, Page], None, None]:
    """Yield all pages below a prefix, each with the prefix of its level: those of one level in order, levels mixed.

    Servers that page through directories lose versions where pages run over several levels; of one level they lose none.
    """
    spool.do("DELETE FROM pending")
    spool.do("INSERT INTO pending (prefix) VALUES (?)", prefix)
    running: dict[Future[Page], bytes] = {}
    with ThreadPoolExecutor(threads, thread_name_prefix="dws-s3-listing") as pool:

        def ask(level: bytes, after: Marker | None = None) -> None:
            running[pool.submit(pages.get, level, after)] = level

        def ask_more() -> None:
            while len(running) < threads and (waiting := _pop(spool)) is not None:
                ask(waiting)

        try:
            ask_more()
            while running:
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    level, page = running.pop(done), done.result()
                    spool.add("INSERT INTO pending (prefix) VALUES (?)", ((each,) for each in reversed(page.prefixes)))
                    if page.after is not None:
                        ask(level, page.after)
                    ask_more()
                    yield level, page
        finally:
            for future in running:
                future.cancel()


def _pop(spool: Spool) -> bytes | None:
    """Take the prefix that was met last, so that few are waiting; None if there is none."""
    found = spool.one("SELECT number, prefix FROM pending ORDER BY number DESC LIMIT 1")
    if found is None:
        return None
    spool.do("DELETE FROM pending WHERE number = ?", found[0])
    return bytes(found[1])
