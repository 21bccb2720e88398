"""Fetching: what lies below objects and is not in this clone is brought from a store, and checked byte for byte."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dws_core.objects.bringing import Bringing
from dws_core.objects.descent import Descent
from dws_core.objects.store import ObjectStore
from dws_core.objects.tree import raw_id
from dws_core.objects.wholeness import lacking
from dws_core.plugin.context import Progress
from dws_core.plugin.store import Store


@dataclass(frozen=True)
class Fetched:
    """How many objects came, in how many bytes; which roots are not whole all the same, and what in the store is damaged."""

    objects: int
    bytes: int
    lacking: frozenset[str] = frozenset()
    damaged: tuple[str, ...] = ()


def fetch(objects: ObjectStore, ids: Iterable[str], store: Store, private: Path, progress: Progress) -> Fetched:
    """Bring all below these objects that is not here, as far as a store has it; `private` is kept for the next time.

    The store is asked only where something is missing. Ended anywhere, what has come by then stays. What is damaged in the store
    is told, and not used. UnsafeTreeError; FileAccessError where it does not fit on the disk.
    """
    roots = list(dict.fromkeys(ids))
    descent = Descent(map(raw_id, roots))
    bringing = Bringing(objects, store, private, progress)
    while descent.level:
        bringing.bring(descent.level)
        with objects.reading() as contents:
            descent.go_down(lambda identity, what: contents.read(identity, what) if contents.has(identity) else None)
    bringing.bring(descent.leaves)
    unfinished = lacking(objects, roots) if bringing.misses else frozenset()
    return Fetched(bringing.objects, bringing.bytes, unfinished, tuple(sorted(bringing.damaged)))
