"""How what comes from a store becomes a clone's own: once every byte is checked, and then at once."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dws_core.errors import DamagedStoreError
from dws_core.objects.arrival import Arrival, PackArrival
from dws_core.objects.contents import Contents
from dws_core.objects.layout import FILE_MODE
from dws_core.objects.pack import write_index
from dws_core.objects.remote import RemotePack
from dws_core.objects.tree import object_id
from dws_core.objects.ways import Span
from dws_core.objects.writing import sync_directory, temporary, write_all
from dws_core.plugin.store import Kept, Store


def land_pack(contents: Contents, store: Store, pack: RemotePack) -> bool:
    """Bring a whole pack, within `writing`; found by the next reader. Tell whether the store's index of it is true.

    The pack is put in place before its index, which is made again where it is missing.
    """
    with _temporary(contents.kept) as (descriptor, path):
        arrival = PackArrival(store, pack.kept, _to(descriptor, path))
        arrival.receive(pack.hash)
        os.fsync(descriptor)
        sealed = contents.kept / f"{pack.hash}.pack"
        path.rename(sealed)
        write_index(sealed, arrival.ids, arrival.offsets, arrival.lengths)
        sync_directory(contents.kept)
    return (arrival.ids, arrival.offsets) == (pack.ids, pack.offsets)


def land_small_pack(contents: Contents, store: Store, pack: RemotePack) -> bool:
    """Bring all that a small pack holds, within `writing`, into one pack with what else comes; tell the same of its index."""
    parts: list[bytes] = []
    arrival = PackArrival(store, pack.kept, parts.append)
    arrival.receive(pack.hash)
    content, ids = b"".join(parts), arrival.ids
    for row, (start, length) in enumerate(zip(arrival.offsets, arrival.lengths, strict=True)):
        contents.add_new(ids[row * 32 : row * 32 + 32], content[start : start + length])
    return (ids, arrival.offsets) == (pack.ids, pack.offsets)


def land_span(contents: Contents, store: Store, span: Span) -> bool:
    """Bring the wanted objects of a part of a pack, within `writing`."""
    name = span.pack.kept.name
    content = store.read(name, span.start, span.end - span.start)
    for row in span.rows:
        start = span.pack.offsets[row] - span.start
        identity, piece = span.pack.ids[row * 32 : row * 32 + 32], content[start : start + span.pack.lengths[row]]
        if object_id(piece) != identity:
            raise DamagedStoreError(store.url, name, f"the object {identity.hex()} does not lie in it where its index says")
        contents.add_new(identity, piece)
    return True


def land_loose(contents: Contents, store: Store, named: tuple[bytes, Kept]) -> bool:
    """Bring an object that has a file of its own, within `writing`."""
    identity, kept = named
    with _temporary(contents.loose.directory) as (descriptor, path):
        Arrival(store, kept, _to(descriptor, path)).receive(identity.hex())
        contents.loose.adopt(descriptor, path, identity)
        contents.adopted(identity)
    return True


def _to(descriptor: int, path: Path) -> Callable[[bytes], object]:
    return lambda content: write_all(descriptor, content, path)


@contextmanager
def _temporary(directory: Path) -> Iterator[tuple[int, Path]]:
    """Open a new file that is gone afterwards, unless it got a name that lasts."""
    path = temporary(directory)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        yield descriptor, path
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)
