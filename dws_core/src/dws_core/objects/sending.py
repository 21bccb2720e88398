"""Sending: what a store lacks of a clone's objects is put there, and read back before it counts."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dws_core.objects.checked import Checked
from dws_core.objects.contents import Contents
from dws_core.objects.deposit import check, check_pack, put
from dws_core.objects.descent import Descent
from dws_core.objects.gathering import gather
from dws_core.objects.hands import several
from dws_core.objects.pack import index_bytes
from dws_core.objects.remote import HANDS, Remote, RemotePack, index_name, loose_name, pack_name
from dws_core.objects.store import ObjectStore
from dws_core.objects.tree import raw_id
from dws_core.plugin.context import Progress
from dws_core.plugin.store import Kept, Store

_PACKS_AT_ONCE = 3


@dataclass(frozen=True)
class Sent:
    """How many of the wanted objects the store did not have, and the bytes that were sent for them."""

    objects: int
    bytes: int


def send(objects: ObjectStore, ids: Iterable[str], store: Store, private: Path, progress: Progress) -> Sent:
    """See to it that all below those of these that are objects here is in a store, whole; `private` is kept for the next time.

    What the store has is not sent again, but read through once. Ended anywhere, it may be done again. MissingObjectError of
    what is neither here nor there, DamagedObjectError, DamagedStoreError, UnsafeTreeError.
    """
    with objects.reading() as contents:
        roots = [root for root in map(raw_id, ids) if contents.has(root)]
        return _Sending(contents, store, private, progress).send(roots) if roots else Sent(0, 0)


class _Sending:
    """One sending of many objects."""

    def __init__(self, contents: Contents, store: Store, private: Path, progress: Progress) -> None:
        self._contents = contents
        self._store = store
        self._private = private
        self._progress = progress
        self._remote = Remote(store, private, progress)
        self._checked = Checked(private / "checked")

    def send(self, roots: list[bytes]) -> Sent:
        self._remote.look()
        descent = Descent(roots)
        while descent.level:
            descent.go_down(self._read)
        wanted = self._without_packed(descent.links.union(descent.leaves))
        elsewhere = self._contents.without(wanted)
        loose = [each for each in wanted if self._contents.is_loose(each)]
        kept = self._remote.loose([*loose, *elsewhere])
        self._check_loose(kept)
        wanted.difference_update(kept)
        for identity in wanted.intersection(elsewhere):
            self._contents.read(identity)
        files = {self._contents.loose.path(each): each for each in loose if each in wanted}
        with gather(self._contents, wanted, self._private) as packs:
            size = sum(path.stat().st_size for path in (*packs, *files))
            self._progress.expect(files=len(wanted), size=size)
            self._send_packs(packs, len(wanted) - len(files))
            self._send_loose(files)
        return Sent(len(wanted), size)

    def _read(self, identity: bytes, what: str) -> bytes:
        """Read a tree or block list, which may have been fetched never or in part: then the store has it."""
        there = None if self._contents.has(identity) else self._remote.read(identity)
        return self._contents.read(identity, what) if there is None else there

    def _without_packed(self, rest: set[bytes]) -> set[bytes]:
        """Answer what lies in no pack of the store; packs of it that are counted on are read through, unless they were before."""
        doubtful: list[RemotePack] = []
        for pack in sorted(self._remote.packs, key=lambda pack: pack.kept not in self._checked):
            before = len(rest)
            rest.difference_update(pack.each_id())
            if len(rest) < before and pack.kept not in self._checked:
                doubtful.append(pack)
        for pack, _ in several(_PACKS_AT_ONCE, lambda pack: check_pack(self._store, pack), doubtful):
            self._checked.add(pack.kept)
        return rest

    def _check_loose(self, found: dict[bytes, Kept]) -> None:
        doubtful = [(kept, identity.hex()) for identity, kept in found.items() if kept not in self._checked]
        for (kept, _), _ in several(HANDS, lambda each: check(self._store, *each), doubtful):
            self._checked.add(kept)

    def _send_packs(self, packs: list[Path], objects: int) -> None:
        for _, kept in several(_PACKS_AT_ONCE, self._send_pack, packs):
            self._checked.add(kept)
            self._progress.advance(size=kept.size)
        self._progress.advance(files=objects)

    def _send_pack(self, path: Path) -> Kept:
        """Put a pack, and only then its index: an index in the store says that its pack is there, whole."""
        with path.open("rb") as file:
            kept = put(self._store, pack_name(path.stem), file, path.stem, f"the pack {path.name}")
        index = index_bytes(path)
        with io.BytesIO(index) as file:
            put(self._store, index_name(path.stem), file, hashlib.sha256(index).hexdigest(), f"the index of {path.name}")
        self._remote.remember(path.stem, index)
        return kept

    def _send_loose(self, files: dict[Path, bytes]) -> None:
        for _, kept in several(HANDS, self._send_file, files.items()):
            self._checked.add(kept)
            self._progress.advance(files=1, size=kept.size)

    def _send_file(self, each: tuple[Path, bytes]) -> Kept:
        path, identity = each
        with path.open("rb") as file:
            return put(self._store, loose_name(identity), file, identity.hex(), f"the object {identity.hex()}")
