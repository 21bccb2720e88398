"""Many hands: the same work done on many things, several at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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


def _next(waiting: "deque[tuple[T, Future[R]]]") -> tuple[T, R]:
    thing, future = waiting.popleft()
    return thing, future.result()
