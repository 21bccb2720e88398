"""Removing objects that nothing needs: first what is needed is whole elsewhere, and then the old files go."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dws_core.errors import DamagedObjectError
from dws_core.objects.contents import Contents
from dws_core.objects.layout import PACK_FULL
from dws_core.objects.pack import Pack, PackWriter, index_of, lost_indexes, row_cost
from dws_core.objects.tree import object_id
from dws_core.objects.writing import make_directory, remove_temporaries, temporary

_SMALL = 32 * 1024 * 1024
_MANY = 16
_WASTEFUL = 3  # one part in so many


@dataclass(eq=False)
class _Old:
    """A pack as it is: the rows that are needed, those of them that are to leave undo state for a snapshot, and the waste."""

    pack: Pack
    size: int
    rows: "array[int]" = field(default_factory=lambda: array("I"))
    moving: "array[int]" = field(default_factory=lambda: array("I"))
    dead: int = 0
    dead_bytes: int = 0

    @property
    def is_wasteful(self) -> bool:
        """Whether nothing would be left in it, or much of it would be waste."""
        moving = sum(row_cost(self.pack.length_of(row)) for row in self.moving)
        return len(self.moving) == len(self.rows) or (self.dead_bytes + moving) * _WASTEFUL >= self.size


@dataclass(frozen=True)
class Waste:
    """What would be removed, found out before anything is; `objects` and `bytes` count it, `merged` the packs made into fewer."""

    contents: Contents
    needed: Mapping[bytes, bool]
    loose: tuple[Path, ...]
    going: tuple[_Old, ...]
    leaving: tuple[_Old, ...]
    objects: int
    bytes: int
    merged: int

    def remove(self) -> None:
        """Do it. Ended anywhere, nothing that is needed is lost, and it may be done again."""
        for path in self.loose:
            path.unlink(missing_ok=True)
        for old in self.going:
            if not old.rows:
                _delete(old.pack.path)
        made = self._copy()
        for old in self.going:
            if old.pack.path not in made:
                _delete(old.pack.path)
        for directory in (self.contents.kept, self.contents.undo):
            remove_temporaries(directory)
            for index in lost_indexes(directory):
                index.unlink(missing_ok=True)
        remove_temporaries(self.contents.loose.directory)

    def _copy(self) -> set[Path]:
        """Put what is needed into new packs, of snapshots and of undo state; answer those."""
        kept, undo = _Copies(self.contents.kept), _Copies(self.contents.undo)
        try:
            for old in (*self.going, *self.leaving):
                for row in old.rows if old in self.going else old.moving:
                    identity, content = old.pack.id_of(row), old.pack.read(row)
                    if object_id(content) != identity:
                        raise DamagedObjectError(f"the object {identity.hex()} of the pack {old.pack.path.name}")
                    (kept if self.needed[identity] else undo).add(identity, content)
                old.pack.close()
            kept.seal()
            undo.seal()
        except BaseException:
            kept.discard()
            undo.discard()
            raise
        return kept.sealed | undo.sealed


class _Copies:
    """New packs of one kind, as many as it takes."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._writer: PackWriter | None = None
        self.sealed: set[Path] = set()

    def add(self, identity: bytes, content: bytes) -> None:
        if self._writer is None:
            make_directory(self._directory)
            self._writer = PackWriter(self._directory, temporary(self._directory))
        self._writer.add(identity, content)
        if self._writer.length >= PACK_FULL:
            self.seal()

    def seal(self) -> None:
        if self._writer is not None:
            self._writer.seal()
            self.sealed.add(self._writer.path)
            self._writer.close()
            self._writer = None

    def discard(self) -> None:
        if self._writer is not None:
            self._writer.discard()


def find_waste(contents: Contents, needed: Mapping[bytes, bool]) -> Waste:
    """Find what nothing needs, and packs that are worth making anew; `needed` tells of each id whether a snapshot needs it.

    DamagedObjectError where a second copy could go, but the first is damaged, or a pack is not whole.
    """
    loose = tuple(_dead_loose(contents, needed))
    olds = [_look(contents, pack, needed) for pack in contents.packs()]
    going = [old for old in olds if old.is_wasteful]
    merged: list[_Old] = []
    for kind in (contents.kept, contents.undo):
        small = [old for old in olds if old.pack.path.parent == kind and old.size < _SMALL and len(old.moving) < len(old.rows)]
        merged += small if len(small) > _MANY else []
    going += [old for old in merged if old not in going]
    return Waste(
        contents,
        needed,
        loose,
        tuple(going),
        tuple(old for old in olds if old not in going and old.moving),
        len(loose) + sum(old.dead for old in going),
        sum(path.stat().st_size for path in loose) + sum(old.dead_bytes for old in going),
        len(merged),
    )


def _dead_loose(contents: Contents, needed: Mapping[bytes, bool]) -> Iterator[Path]:
    for identity in contents.loose.all():
        if identity in needed:
            if contents.is_loose(identity):
                continue
            contents.read(identity)
        yield contents.loose.path(identity)


def _look(contents: Contents, pack: Pack, needed: Mapping[bytes, bool]) -> _Old:
    """Sort the rows of a pack: of an object that lies in several places, only the one that is read counts as needed."""
    fresh = Pack.open(pack.path)
    old = _Old(fresh, fresh.path.stat().st_size)
    if old.size != fresh.end:
        raise DamagedObjectError(f"the pack {fresh.path.name}")
    for row in range(len(fresh)):
        identity = fresh.id_of(row)
        if identity in needed:
            if contents.is_home(identity, pack, row):
                old.rows.append(row)
                if needed[identity] and contents.is_aside(pack):
                    old.moving.append(row)
                continue
            contents.read(identity)
        old.dead += 1
        old.dead_bytes += row_cost(fresh.length_of(row))
    return old


def _delete(path: Path) -> None:
    """Remove a pack, then its index: an index without a pack is known for what a command left that died here."""
    path.unlink(missing_ok=True)
    index_of(path).unlink(missing_ok=True)
