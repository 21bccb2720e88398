"""All objects of a clone, wherever they lie: found by id, and read only if their bytes still have their hash."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from dws_core.errors import DamagedObjectError, MissingObjectError, ObjectsLostError
from dws_core.objects.layout import PACK_FULL, PACKED_BELOW
from dws_core.objects.loose import LooseObjects
from dws_core.objects.pack import Pack, PackWriter
from dws_core.objects.tree import object_id
from dws_core.objects.writing import make_directory, remove_temporaries, temporary

_LOOSE = -1
_OPEN_PACKS = 16
_ROW_BITS = 32
_ROW = (1 << _ROW_BITS) - 1


class Contents:
    """Objects in packs and in files of their own. Threads may share it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / "packs"
        self.loose = LooseObjects(directory / "loose")
        self._places: dict[bytes, int] = {}
        self._packs: list[Pack] = []
        self._open: list[Pack] = []
        self._names: set[str] = set()
        self._writer: PackWriter | None = None
        self._lock = RLock()
        self._ready = False
        self._losses = 0

    def refresh(self) -> None:
        """Take in what other commands have stored since."""
        with self._lock:
            for path in sorted(self._directory.glob("*.pack")):
                if path.name not in self._names:
                    self._take_in(Pack.open(path))
            self._places.update(dict.fromkeys(self.loose.appeared(), _LOOSE))

    @property
    def known(self) -> dict[bytes, int]:
        """The ids there are, as keys: for look-ups in great numbers."""
        return self._places

    def read(self, identity: bytes, what: str = "") -> bytes:
        """Give an object's bytes; MissingObjectError or DamagedObjectError, which name `what` they are for."""
        name = what or f"the object {identity.hex()}"
        if not self.has(identity):
            raise MissingObjectError(name)
        place = self._places[identity]
        if place == _LOOSE:
            try:
                content = self.loose.path(identity).read_bytes()
            except FileNotFoundError as error:
                raise MissingObjectError(name) from error
        else:
            content = self._read_packed(place, name)
        if object_id(content) != identity:
            raise DamagedObjectError(name)
        return content

    def has(self, identity: bytes) -> bool:
        """Tell whether an object is there; also one that another command stored in the very tick of the clock we looked."""
        if identity not in self._places and self.loose.path(identity).exists():
            self._places[identity] = _LOOSE
        return identity in self._places

    def is_loose(self, identity: bytes) -> bool:
        return self._places.get(identity) == _LOOSE

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Whatever is added inside lasts once it ends; ObjectsLostError where another writer's failure took it along."""
        with self._lock:
            if not self._ready:
                make_directory(self._directory)
                remove_temporaries(self._directory)
                self.loose.prepare()
                self._ready = True
            losses = self._losses
        try:
            yield
        finally:
            self._seal()
            self.loose.finish()
        if losses != self._losses:
            raise ObjectsLostError(str(self._directory))

    def add(self, content: bytes) -> bytes:
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
                self._writer = PackWriter(self._directory, temporary(self._directory))
                self._packs.append(self._writer)
            row = self._writer.add(identity, bytes(content))
            self._places[identity] = (len(self._packs) - 1) << _ROW_BITS | row
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
                self._names.add(writer.path.name)
            except BaseException:
                self._losses += 1
                for identity in writer.discard():
                    with suppress(KeyError):
                        del self._places[identity]
                raise

    def _take_in(self, pack: Pack) -> None:
        self._names.add(pack.path.name)
        self._packs.append(pack)
        first, ids = (len(self._packs) - 1) << _ROW_BITS, pack.ids
        chunks = [ids[start : start + 32] for start in range(0, len(ids), 32)]
        self._places.update(zip(chunks, range(first, first + len(chunks)), strict=True))
        pack.ids = b""

    def _make_room(self, pack: Pack) -> None:
        """Keep only so many packs open: there may be more of them than a process may open."""
        self._open.append(pack)
        if len(self._open) > _OPEN_PACKS:
            self._open.pop(0).close()

    def _read_packed(self, place: int, name: str) -> bytes:
        with self._lock:
            try:
                pack = self._packs[place >> _ROW_BITS]
                if not pack.is_open:
                    self._make_room(pack)
                return pack.read(place & _ROW)
            except FileNotFoundError as error:
                raise MissingObjectError(name) from error
