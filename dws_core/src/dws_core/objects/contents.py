"""All objects of a clone, wherever they lie: found by id, and read only if their bytes still have their hash."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from dws_core.errors import DamagedObjectError, MissingObjectError, ObjectsLostError
from dws_core.objects.layout import PACK_FULL, PACKED_BELOW
from dws_core.objects.loose import LooseObjects
from dws_core.objects.pack import Pack, PackWriter, sealed_packs
from dws_core.objects.tree import object_id
from dws_core.objects.writing import make_directory, remove_temporaries, temporary

_LOOSE = -1
_OPEN_PACKS = 16
_ROW_BITS = 32
_ROW = (1 << _ROW_BITS) - 1
_TRIES = 3


class Contents:
    """Objects in packs and in files of their own. Threads may share it.

    `_places` tells where each object is that is there for writers; `_aside` where those are that undo state put into packs
    of its own, which only readers find. While something is put aside, writers find both.
    """

    def __init__(self, directory: Path) -> None:
        self.kept, self.undo = directory / "packs", directory / "undo"
        self.loose = LooseObjects(directory / "loose")
        self._places: dict[bytes, int] = {}
        self._aside: dict[bytes, int] = {}
        self._packs: list[Pack] = []
        self._open: list[Pack] = []
        self._names: set[Path] = set()
        self._target = self.kept
        self._writer: PackWriter | None = None
        self._lock = RLock()
        self._ready = False
        self._losses = 0
        self.mends = True
        """Whether a missing index is put back when it is met."""

    def refresh(self) -> None:
        """Take in what other commands have stored since, and forget what they have removed."""
        with self._lock:
            paths = self._list()
            if self._writer is None and not self._names.issubset(paths):
                self._start_over()
            for path in paths:
                if path not in self._names:
                    with suppress(FileNotFoundError):  # another command has just put its objects into another pack
                        self._take_in(Pack.open(path, mend=self.mends))
            found, gone = self.loose.changed()
            for identity in gone:
                if self._places.get(identity) == _LOOSE:
                    del self._places[identity]
            self._places.update(dict.fromkeys(found, _LOOSE))

    @property
    def known(self) -> dict[bytes, int]:
        """The ids that need not be stored again, as keys: for look-ups in great numbers."""
        return self._places

    def read(self, identity: bytes, what: str = "") -> bytes:
        """Give an object's bytes; MissingObjectError or DamagedObjectError, which name `what` they are for."""
        name = what or f"the object {identity.hex()}"
        for _ in range(_TRIES):
            if not self.has(identity):
                break
            try:
                content = self._read(identity)
            except (FileNotFoundError, KeyError):
                # Another command has removed that file, and put what is needed of it elsewhere.
                self._look_anew()
                continue
            if object_id(content) != identity:
                raise DamagedObjectError(name)
            return content
        raise MissingObjectError(name)

    def has(self, identity: bytes) -> bool:
        """Tell whether an object is there; also one that another command stored in the very tick of the clock we looked."""
        if identity in self._places or identity in self._aside:
            return True
        if self.loose.path(identity).exists():
            self._places[identity] = _LOOSE
        return identity in self._places

    def length(self, identity: bytes) -> int | None:
        """Tell how many bytes an object has; None where it is not there. Only one in a file of its own costs a look."""
        place = self._places.get(identity, self._aside.get(identity, _LOOSE))
        if place != _LOOSE:
            return self._packs[place >> _ROW_BITS].length_of(place & _ROW)
        try:
            return self.loose.path(identity).stat().st_size
        except FileNotFoundError:
            return None

    def without(self, identities: Iterable[bytes]) -> list[bytes]:
        """Answer those of these objects that were not there when we last looked, which costs no look at each."""
        return [each for each in identities if each not in self._places and each not in self._aside]

    def by_pack(self, identities: Iterable[bytes]) -> dict[Pack, list[tuple[int, bytes]]]:
        """Sort those of these objects that lie in packs by where: each with its row."""
        found: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
        places, aside = self._places, self._aside
        for each in identities:
            place = places[each] if each in places else aside.get(each, _LOOSE)
            if place != _LOOSE:
                found[place >> _ROW_BITS].append((place & _ROW, each))
        return {self._packs[number]: rows for number, rows in found.items()}

    def is_loose(self, identity: bytes) -> bool:
        return self._places.get(identity) == _LOOSE

    def packs(self) -> list[Pack]:
        """List the packs there are, in the order of the numbers that places hold."""
        return list(self._packs)

    def is_aside(self, pack: Pack) -> bool:
        return pack.path.parent == self.undo

    def is_home(self, identity: bytes, pack: Pack, row: int) -> bool:
        """Tell whether an object is read from that row of a pack, and not from a second copy elsewhere."""
        place = self._places.get(identity, self._aside.get(identity, _LOOSE))
        return place != _LOOSE and place & _ROW == row and self._packs[place >> _ROW_BITS] is pack

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What is packed inside goes to packs of undo state; what lies only there counts inside as stored."""
        with self._lock:
            outer, self._target = self._target, self.undo
            borrowed = {identity: place for identity, place in self._aside.items() if identity not in self._places}
            self._places.update(borrowed)
        try:
            yield
        finally:
            with self._lock:
                self._target = outer
                if outer != self.undo:
                    for identity, place in self._aside.items():
                        if self._places.get(identity) == place:
                            del self._places[identity]

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Whatever is added inside lasts once it ends; ObjectsLostError where another writer's failure took it along."""
        with self._lock:
            if not self._ready:
                for directory in (self.kept, self.undo):
                    make_directory(directory)
                    remove_temporaries(directory)
                self.loose.prepare()
                self._ready = True
            losses = self._losses
        try:
            yield
        finally:
            self._seal()
            self.loose.finish()
        if losses != self._losses:
            raise ObjectsLostError(str(self._target))

    def add(self, content: bytes | bytearray) -> bytes:
        """Store bytes within `writing`, unless they are there, and answer their id."""
        identity = object_id(content)
        if identity not in self._places:
            self.add_new(identity, content)
        return identity

    def add_new(self, identity: bytes, content: bytes | bytearray) -> None:
        """Store bytes within `writing` under an id that is not there yet."""
        if len(content) >= PACKED_BELOW:
            self.loose.write(identity, content)
            self._places[identity] = _LOOSE
            return
        with self._lock:
            if identity in self._places:
                return
            if self._writer is None:
                self._writer = PackWriter(self._target, temporary(self._target))
                self._packs.append(self._writer)
            place = (len(self._packs) - 1) << _ROW_BITS | self._writer.add(identity, bytes(content))
            self._places[identity] = place
            if self._target == self.undo:
                self._aside[identity] = place
            if self._writer.length >= PACK_FULL:
                self._seal()

    def add_block(self, identity: bytes, content: memoryview) -> None:
        """Store one block of a large file, which has a file of its own whatever its size."""
        self.loose.write(identity, content)
        self._places[identity] = _LOOSE

    def adopted(self, identity: bytes) -> None:
        """Say that an object has been given to `loose` directly."""
        self._places[identity] = _LOOSE

    def _seal(self) -> None:
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is None:
                return
            try:
                writer.seal()
                self._names.add(writer.path)
            except BaseException:
                self._losses += 1
                for identity in writer.discard():
                    self._places.pop(identity, None)
                    self._aside.pop(identity, None)
                raise

    def _list(self) -> list[Path]:
        """List all packs; again where another command puts objects into other packs meanwhile."""
        found: list[Path] = []
        for _ in range(_TRIES):
            before, found = found, [*sealed_packs(self.kept), *sealed_packs(self.undo)]
            if found == before:
                break
        return found

    def _take_in(self, pack: Pack) -> None:
        self._names.add(pack.path)
        self._packs.append(pack)
        first, ids = (len(self._packs) - 1) << _ROW_BITS, pack.ids
        chunks = [ids[start : start + 32] for start in range(0, len(ids), 32)]
        places = zip(chunks, range(first, first + len(chunks)), strict=True)
        if pack.path.parent == self.kept:
            self._places.update(places)
        else:
            self._aside.update(places)
            if self._target == self.undo:
                self._places.update((each, self._aside[each]) for each in chunks if each not in self._places)
        pack.ids = b""

    def _look_anew(self) -> None:
        with self._lock:
            if self._writer is None:
                self._start_over()
            self.refresh()

    def _start_over(self) -> None:
        """Forget what is known: packs that it names were removed by another command."""
        for pack in self._open:
            pack.close()
        for known in (self._places, self._aside, self._packs, self._open, self._names):
            known.clear()
        self.loose.forget()

    def _make_room(self, pack: Pack) -> None:
        """Keep only so many packs open: there may be more of them than a process may open."""
        self._open.append(pack)
        if len(self._open) > _OPEN_PACKS:
            self._open.pop(0).close()

    def _read(self, identity: bytes) -> bytes:
        if self.is_loose(identity):
            return self.loose.path(identity).read_bytes()
        with self._lock:
            place = self._places[identity] if identity in self._places else self._aside[identity]
            pack = self._packs[place >> _ROW_BITS]
            if not pack.is_open:
                self._make_room(pack)
            return pack.read(place & _ROW)
