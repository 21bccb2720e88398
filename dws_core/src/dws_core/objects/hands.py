"""Many hands: the same work done on many things, several at once."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def several(hands: int, work: Callable[[T], R], things: Iterable[T]) -> Iterator[tuple[T, R]]:
    """Yield each thing, in order, with what the work made of it; the first failure ends it, and what has not begun is left."""
    waiting: deque[tuple[T, Future[R]]] = deque()
    with ThreadPoolExecutor(hands, thread_name_prefix="objects") as pool:
        try:
            for thing in things:
                waiting.append((thing, pool.submit(work, thing)))
                if len(waiting) > 4 * hands:
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
        finally:
            for _, future in waiting:
                future.cancel()


@contextmanager
def hashers() -> Iterator[Executor]:
    """Threads for large files: hashing lets go of the interpreter's lock.

    There are more of them than processors, since each object waits for the disk once.
    """
    pool = ThreadPoolExecutor(max_workers=min(8, 2 + (os.cpu_count() or 1)), thread_name_prefix="objects")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _next(waiting: "deque[tuple[T, Future[R]]]") -> tuple[T, R]:
    thing, future = waiting.popleft()
    return thing, future.result()
