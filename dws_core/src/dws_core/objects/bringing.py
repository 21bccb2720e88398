"""Bringing objects into a clone, on the ways that a store offers, and doing without what proves to be damaged there."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from dws_core.errors import DamagedStoreError
from dws_core.objects.contents import Contents
from dws_core.objects.hands import several
from dws_core.objects.landing import land_loose, land_pack, land_small_pack, land_span
from dws_core.objects.remote import HANDS, Remote, RemotePack, index_name
from dws_core.objects.room import check_room
from dws_core.objects.store import ObjectStore
from dws_core.objects.ways import Ways, find_ways
from dws_core.plugin.context import Progress
from dws_core.plugin.store import Kept, Store

_PACKS_AT_ONCE = 3
# Each small push leaves a small pack in the store; so many of them go into one pack here, and are lost if they do not come all.
_SMALL = 256 * 1024
_TOGETHER = 64

T = TypeVar("T")
R = TypeVar("R")


class Bringing:
    """Brings what is missing, and counts it; the store is asked when something is missing for the first time."""

    def __init__(self, objects: ObjectStore, store: Store, private: Path, progress: Progress) -> None:
        self.objects = 0
        self.bytes = 0
        self.misses = False
        """Whether something could not be brought."""
        self._objects = objects
        self._progress = progress
        self._remote = Remote(store, private, progress)
        self._has_looked = False

    @property
    def damaged(self) -> Iterable[str]:
        """The names of what is damaged in the store."""
        return self._remote.damaged

    def bring(self, wanted: Iterable[bytes]) -> None:
        """Bring those of these objects that are missing; what has come once this returns, or fails, stays."""
        rest = self._missing(wanted)
        if rest and not self._has_looked:
            with self._objects.reading():
                self._remote.look()
            self._has_looked = True
        while rest and self._go(rest):
            rest = self._missing(rest)
        self.misses = self.misses or bool(rest)

    def _missing(self, wanted: Iterable[bytes]) -> set[bytes]:
        with self._objects.reading() as contents:
            return set(contents.without(wanted))

    def _go(self, wanted: set[bytes]) -> bool:
        """Go every way there is once; False if there is none. Whatever failed is not gone again."""
        ways = find_ways(self._remote, wanted)
        if ways:
            with self._objects.writing() as contents:
                check_room(contents.kept, ways.room)
                self._progress.expect(files=len(wanted), size=ways.bytes)
                self._bring(contents, ways)
                self._progress.advance(files=len(wanted))
        return bool(ways)

    def _bring(self, contents: Contents, ways: Ways) -> None:
        store = self._remote.store
        small = [pack for pack in ways.packs if pack.kept.size < _SMALL]
        for start in range(0, len(small), _TOGETHER):
            with contents.writing():
                self._bring_packs(HANDS, partial(land_small_pack, contents, store), small[start : start + _TOGETHER])
        large = [pack for pack in ways.packs if pack.kept.size >= _SMALL]
        self._bring_packs(_PACKS_AT_ONCE, partial(land_pack, contents, store), large)
        for span, done in several(HANDS, _tried(partial(land_span, contents, store)), ways.spans):
            self._count(span.pack.kept, len(span.rows), span.end - span.start, done)
        for (_, kept), done in several(HANDS, _tried(partial(land_loose, contents, store)), ways.loose.items()):
            self._count(kept, 1, kept.size, done)

    def _bring_packs(self, hands: int, land: Callable[[RemotePack], bool], packs: Sequence[RemotePack]) -> None:
        done = {pack.hash for pack in packs}
        for pack, is_true in several(hands, _tried(land), packs):
            if is_true is False:
                self._remote.tell_damage(index_name(pack.hash), "it tells of objects that its pack does not hold")
            self._count(pack.kept, len(pack.lengths), pack.kept.size, is_true)
        self._remote.packs = [pack for pack in self._remote.packs if pack.hash not in done]

    def _count(self, kept: Kept, objects: int, size: int, outcome: object) -> None:
        self._progress.advance(size=size)
        if isinstance(outcome, DamagedStoreError):
            self._remote.tell_damage(kept.name, outcome.reason)
        elif isinstance(outcome, FileNotFoundError):
            self._remote.tell_damage(kept.name, "it is listed, but cannot be read")
        else:
            self.objects += objects
            self.bytes += size


def _tried(work: Callable[[T], R]) -> Callable[[T], R | DamagedStoreError | FileNotFoundError]:
    """Make what is wrong with the store a result like another, so that the rest is brought all the same."""

    def tried(thing: T) -> R | DamagedStoreError | FileNotFoundError:
        try:
            return work(thing)
        except (DamagedStoreError, FileNotFoundError) as error:
            return error

    return tried
