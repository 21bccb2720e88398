"""Putting single things into a store, and finding out that what it keeps is whole."""

import hashlib
import io
import os

from dws_core.errors import DamagedObjectError, DamagedStoreError
from dws_core.objects.arrival import Arrival, PackArrival
from dws_core.objects.remote import RemotePack, index_name
from dws_core.plugin.store import Kept, Store


def put(store: Store, name: str, file: io.BytesIO | io.BufferedReader, digest: str, what: str) -> Kept:
    """Put a file that has that hash, and check what is kept then; DamagedObjectError, naming `what`, DamagedStoreError."""
    if hashlib.file_digest(file, "sha256").hexdigest() != digest:
        raise DamagedObjectError(what)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    store.put(name, file, size)
    check(store, Kept(name, size), digest)
    return Kept(name, size)


def check(store: Store, kept: Kept, digest: str) -> None:
    """Raise a DamagedStoreError unless what a store keeps has that hash."""
    _check(Arrival(store, kept), store, digest)


def check_pack(store: Store, pack: RemotePack) -> None:
    """The same of a pack of somebody else's: unless the store tells its hash, also each object in it is checked."""
    arrival = PackArrival(store, pack.kept)
    _check(arrival, store, pack.hash)
    if arrival.ids and (arrival.ids, arrival.offsets) != (pack.ids, pack.offsets):
        raise DamagedStoreError(store.url, index_name(pack.hash), "it tells of objects that its pack does not hold")


def _check(arrival: Arrival, store: Store, digest: str) -> None:
    try:
        told = store.checksum(arrival.kept.name)
        if told is None:
            arrival.receive(digest)
        elif told != digest:
            raise arrival.damaged("its content does not have the hash that its name says")
    except FileNotFoundError as error:
        raise arrival.damaged("it is listed, but cannot be read") from error
