"""Doing the same to several things at once, until one of them fails."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Done = TypeVar("Done")


def several_at_once(work: Callable[[Given], Done], things: Iterable[Given], hands: int) -> list[Done]:
    """Answer what became of each, in order; after the first that fails no other is begun."""
    with ThreadPoolExecutor(hands, thread_name_prefix="s3") as pool:
        coming = [pool.submit(work, each) for each in things]
        try:
            return [each.result() for each in coming]
        finally:
            for each in coming:
                each.cancel()
