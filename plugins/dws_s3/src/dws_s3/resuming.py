"""Where to go on in a level after a page, so that servers lose nothing which page in the order of their directories.

Such a server collects a page in the order of its directories, sorts it by keys, and says that it ends at the last of those. What
comes later in its directories but before that key is then in no page: of `a-1` and `a.csv` that is `a`, and the directory `a/`.
Only names with which the last one begins can be lost so, followed there by a character up to the delimiter.
"""

from bisect import bisect_left
from dataclasses import replace

from dws_s3.page import Page

_LAST = ord("/")


def complete_part(prefix: bytes, page: Page) -> tuple[Page, list[bytes]]:
    """Leave away the end of a page, where something may be missing, so that the next one begins with it.

    Where the page would be empty then, it stays longer, and the names are given that must be asked for by themselves.
    """
    if page.after is None:
        return page, []
    last = page.after[0]
    stems = [last[:end] for end in range(len(prefix) + 1, len(last)) if last[end] <= _LAST]
    names = sorted({*(entry.key for entry in page.entries), *page.prefixes})
    for number, stem in enumerate(stems):
        if place := bisect_left(names, stem):
            end = names[place - 1]
            entries = [entry for entry in page.entries if entry.key <= end]
            prefixes = [each for each in page.prefixes if each <= end]
            return replace(page, entries=entries, prefixes=prefixes, after=(end, "")), stems[:number]
    return page, stems
