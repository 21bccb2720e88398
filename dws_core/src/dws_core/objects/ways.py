"""The ways on which objects that are wanted can come from a store: whole packs, spans of packs, files of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from dws_core.objects.pack import row_cost
from dws_core.objects.remote import Remote, RemotePack
from dws_core.objects.room import space_for
from dws_core.plugin.store import Kept

_SMALL = 8 * 1024 * 1024
_GAP = 64 * 1024
_LONGEST = 4 * 1024 * 1024


class Span(NamedTuple):
    """A part of a pack, and the rows in it that are wanted."""

    pack: RemotePack
    start: int
    end: int
    rows: list[int]


@dataclass
class Ways:
    """How to bring what is wanted."""

    packs: list[RemotePack] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    loose: dict[bytes, Kept] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.packs or self.spans or self.loose)

    @property
    def bytes(self) -> int:
        """What has to be read."""
        spans = sum(span.end - span.start for span in self.spans)
        return sum(pack.kept.size for pack in self.packs) + spans + sum(kept.size for kept in self.loose.values())

    @property
    def room(self) -> int:
        """What that takes on the disk."""
        rows = sum(len(pack.lengths) for pack in self.packs) + sum(len(span.rows) for span in self.spans)
        packed = sum(pack.kept.size for pack in self.packs) + sum(span.end - span.start for span in self.spans)
        return packed + rows * row_cost(0) * 2 + sum(space_for(kept.size) for kept in self.loose.values())


def find_ways(remote: Remote, wanted: set[bytes]) -> Ways:
    """Choose for each object one way, if there is any; packs that hold much of what is wanted come first."""
    ways, rest = Ways(), set(wanted)
    holding = [(len(rest.intersection(pack.each_id())), pack) for pack in remote.packs]
    for count, pack in sorted(holding, key=lambda each: each[0], reverse=True):
        if not count or not rest:
            break
        ids = pack.each_id()
        rows = [row for row, identity in enumerate(ids) if identity in rest]
        rest.difference_update(ids)
        if rows and (pack.kept.size < _SMALL or 2 * sum(row_cost(pack.lengths[row]) for row in rows) > pack.kept.size):
            ways.packs.append(pack)
        else:
            ways.spans += _spans(pack, rows)
    ways.loose = remote.loose(rest) if rest else {}
    return ways


def _spans(pack: RemotePack, rows: list[int]) -> Iterator[Span]:
    """Put rows that lie near each other together, so that one request brings them."""
    held: list[int] = []
    start = end = 0
    for row in sorted(rows, key=pack.offsets.__getitem__):
        offset, length = pack.offsets[row], pack.lengths[row]
        if held and (offset - end > _GAP or offset + length - start > _LONGEST):
            yield Span(pack, start, end, held)
            held = []
        if not held:
            start = offset
        held.append(row)
        end = offset + length
    if held:
        yield Span(pack, start, end, held)
