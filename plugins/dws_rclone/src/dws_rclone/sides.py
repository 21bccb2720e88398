"""Both sides beside each other: what agrees, what differs, and which of them changed since they agreed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dws_core.plugin import Entry, EntryKind
from dws_rclone.agreement import Agreement, Pair
from dws_rclone.listing import Listing, Mark
from dws_rclone.names import to_rclone

FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)
Same = Callable[[Collection[str]], Collection[str]]
"""Of files that have one size on both sides, name those that are equal."""


class Changed(StrEnum):
    """Which side changed."""

    HERE = "here"
    THERE = "there"
    BOTH = "on both sides"


@dataclass(frozen=True)
class Sides:
    """What is here, what is there, what agrees (with the pair), and of all else which side changed."""

    here: Mapping[str, Entry]
    there: Mapping[str, Mark]
    equal: Mapping[str, Pair]
    changed: Mapping[str, Changed]

    def of(self, *wanted: Changed) -> tuple[str, ...]:
        """Name the files that changed there, here or on both sides."""
        return tuple(sorted(path for path, each in self.changed.items() if each in wanted))


def beside(here: Mapping[str, Entry], there: Listing, agreement: Agreement, same: Same) -> Sides:
    """Compare both sides; what was never compared before is (`same`), where it might be equal."""
    files = {path: entry for path, entry in here.items() if entry.kind in FILES}
    both = files.keys() & there.files.keys()
    known = {path for path in both if agreement.holds(path, Pair(there.files[path], files[path].id))}
    unknown = {path for path in both - known if files[path].size == there.files[path].size}
    equal = known | {*(same(sorted(unknown)) if unknown else ())}
    pairs = {path: Pair(there.files[path], files[path].id) for path in equal}
    changed = dict(_changed(here, there.files, agreement, equal))
    return Sides(here, there.files, pairs, changed)


def carried(here: Mapping[str, Entry]) -> dict[str, Entry]:
    """Keep of what is here that which a remote can hold: files, under names that rclone can say."""
    return {path: entry for path, entry in here.items() if entry.kind in FILES and to_rclone(path) is not None}


def _changed(
    here: Mapping[str, Entry], there: Mapping[str, Mark], agreement: Agreement, equal: Collection[str]
) -> Iterator[tuple[str, Changed]]:
    for path in here.keys() | there.keys() | agreement.pairs.keys():
        entry, mark = here.get(path), there.get(path)
        if path in equal or (entry is None and mark is None):
            continue
        last = agreement.last(path, entry.id if entry else None)
        if last is None:
            yield path, Changed.HERE if mark is None else Changed.THERE if entry is None else Changed.BOTH
        elif entry is not None and entry.id == last.id:
            yield path, Changed.THERE
        elif mark == last.mark:
            yield path, Changed.HERE
        else:
            yield path, Changed.BOTH
