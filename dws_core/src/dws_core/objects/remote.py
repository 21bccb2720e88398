"""What a store keeps, as far as its own list and the indexes of its packs tell."""

import re
from array import array
from collections.abc import Collection, Iterable
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from dws_core.objects.hands import several
from dws_core.objects.layout import PACK_FULL, PACKED_BELOW
from dws_core.objects.pack import PACK_HEADER, RECORD, parse_index, row_cost
from dws_core.objects.tree import object_id
from dws_core.objects.writing import make_directory, remove_temporaries, write_whole
from dws_core.plugin.context import Progress
from dws_core.plugin.store import Kept, Store

_INDEX = re.compile(r"packs/([0-9a-f]{64})\.index")
_LOOSE = re.compile(r"loose/([0-9a-f]{2}/[0-9a-f]{62})")
_LARGEST_PACK = PACK_FULL + row_cost(PACKED_BELOW)
_FEW = 32
HANDS = 8


class RemotePack(NamedTuple):
    """A pack in the store, and what its index says of it."""

    kept: Kept
    ids: bytes
    offsets: "array[int]"
    lengths: "array[int]"

    @property
    def hash(self) -> str:
        return pack_hash(self.kept.name)

    def row_of(self, identity: bytes) -> int | None:
        """Find the row of one object, if there is one."""
        start = self.ids.find(identity)
        while start % 32 and start != -1:
            start = self.ids.find(identity, start + 1)
        return None if start == -1 else start // 32

    def each_id(self) -> list[bytes]:
        return [self.ids[start : start + 32] for start in range(0, len(self.ids), 32)]


class Remote:
    """Asks a store once. Nothing of what it answers is believed for more than a place to look at."""

    def __init__(self, store: Store, private: Path, progress: Progress) -> None:
        self.store = store
        self.listed: dict[str, Kept] = {}
        """What lies in the directory of packs, by name."""
        self.packs: list[RemotePack] = []
        """Those packs that an index tells of."""
        self.damaged: dict[str, str] = {}
        """The names of what was found to be damaged, and why."""
        self._cache = private / "indexes"
        self._progress = progress
        self._loose: dict[str, dict[bytes, Kept]] = {}

    def look(self) -> None:
        """Hear which packs there are, and what is in them."""
        self.listed = {kept.name: kept for kept in self.store.list("packs/")}
        hashes = [found[1] for found in map(_INDEX.fullmatch, self.listed) if found and pack_name(found[1]) in self.listed]
        make_directory(self._cache)
        remove_temporaries(self._cache)
        for cached in self._cache.glob("*.index"):
            if index_name(cached.stem) not in self.listed:
                cached.unlink(missing_ok=True)
        for digest, pack in several(HANDS, self._open, hashes):
            if pack is not None:
                self.packs.append(pack)
            else:
                self.tell_damage(index_name(digest), "it is no index of its pack")

    def tell_damage(self, name: str, reason: str) -> None:
        """Do without something from now on, and say so."""
        if name not in self.damaged:
            self.damaged[name] = reason
            self.packs = [pack for pack in self.packs if pack.kept.name != name]
            self._progress.warn(f"{name} in the store {self.store.url} is damaged, so it is not used: {reason}")

    def loose(self, wanted: Collection[bytes]) -> dict[bytes, Kept]:
        """Find those of these objects that have a file of their own in the store."""
        prefixes = {identity.hex()[:2] for identity in wanted} - self._loose.keys()
        if len(prefixes) > _FEW:
            self._loose = {f"{number:02x}": {} for number in range(256)}
            self._hear(self.store.list("loose/"))
        else:
            self._loose |= {prefix: {} for prefix in prefixes}
            for _, listed in several(HANDS, lambda prefix: [*self.store.list(f"loose/{prefix}/")], sorted(prefixes)):
                self._hear(listed)
        found = {identity: self._loose[identity.hex()[:2]].get(identity) for identity in wanted}
        return {identity: kept for identity, kept in found.items() if kept is not None and kept.name not in self.damaged}

    def remember(self, digest: str, index: bytes) -> None:
        """Keep an index that need not be asked for again."""
        write_whole(self._cache / f"{digest}.index", index, lasting=False)

    def read(self, identity: bytes) -> bytes | None:
        """Read one object, wherever it lies; None where it is not, or where what lies there does not have its hash."""
        for pack in self.packs:
            row = pack.row_of(identity)
            if row is not None:
                content = self.store.read(pack.kept.name, pack.offsets[row], pack.lengths[row])
                if object_id(content) == identity:
                    return content
        for kept in self.loose([identity]).values():
            content = self.store.read(kept.name, 0, kept.size)
            if object_id(content) == identity:
                return content
        return None

    def _hear(self, listed: Iterable[Kept]) -> None:
        for kept in listed:
            if found := _LOOSE.fullmatch(kept.name):
                identity = bytes.fromhex(found[1].replace("/", ""))
                self._loose[found[1][:2]][identity] = kept

    def _open(self, digest: str) -> RemotePack | None:
        """Read the index of a pack, which is asked for once; None where it cannot be that."""
        pack = self.listed[pack_name(digest)]
        with suppress(FileNotFoundError, ValueError):
            return _parse(pack, (self._cache / f"{digest}.index").read_bytes())
        with suppress(FileNotFoundError, ValueError):
            if self.listed[index_name(digest)].size <= 2 * pack.size + 1024 and pack.size <= _LARGEST_PACK:
                index = self.store.read(index_name(digest), 0, self.listed[index_name(digest)].size)
                found = _parse(pack, index)
                self.remember(digest, index)
                return found
        return None


def pack_name(digest: str) -> str:
    return f"packs/{digest}.pack"


def index_name(digest: str) -> str:
    return f"packs/{digest}.index"


def pack_hash(name: str) -> str:
    return name[len("packs/") : -len(".pack")]


def loose_name(identity: bytes) -> str:
    return f"loose/{identity.hex()[:2]}/{identity.hex()[2:]}"


def _parse(kept: Kept, index: bytes) -> RemotePack:
    """Read an index; ValueError where it is damaged, or where no pack of that size can have it."""
    ids, offsets, lengths = parse_index(index)
    ends = [*accumulate(map(row_cost, lengths), initial=len(PACK_HEADER))]
    if ends[-1] != kept.size or offsets.tolist() != [end + RECORD.size for end in ends[:-1]]:
        raise ValueError("the index is not that of a pack of this size")
    if max(lengths, default=0) >= PACKED_BELOW:
        raise ValueError("the index tells of an object that is too large for a pack")
    return RemotePack(kept, ids, offsets, lengths)
