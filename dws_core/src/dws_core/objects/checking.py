"""Reading everything that the object store holds, and telling what is not as it was written; nothing is changed."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from dws_core.errors import DamagedObjectError
from dws_core.objects.blocks import LIST_HEADER
from dws_core.objects.layout import PACKED_BELOW
from dws_core.objects.pack import PACK_HEADER, RECORD, Row, ids_of_index, index_of, lost_indexes, read_rows, records_in
from dws_core.objects.tree import TREE_HEADER, object_id
from dws_core.objects.writing import TEMPORARY
from dws_core.plugin.context import Progress

_CHUNK = 1024 * 1024
_NAME = re.compile(r"[0-9a-f]{64}")
_TRIES = 3


class Harm(StrEnum):
    """What may be wrong with a file of the store."""

    PACK = "pack damaged"
    LOST_PACK = "pack missing"
    INDEX = "index of a pack damaged"
    LOOSE = "object damaged"


@dataclass(frozen=True)
class Damage:
    """A file that is not as it was written, and why that is known; of a pack, what in it is still whole."""

    harm: Harm
    path: Path
    reason: str
    whole: tuple[Row, ...] = ()
    hash: bytes = b""


@dataclass
class Condition:
    """The state of the store: the ids of all that is whole, why others are not, and where trees and block lists can be read."""

    whole: set[bytes] = field(default_factory=set)
    causes: dict[bytes, Path] = field(default_factory=dict)
    links: dict[bytes, tuple[Path, int, int]] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)
    foreign: list[Path] = field(default_factory=list)

    def read(self, identity: bytes, what: str) -> bytes:
        """Read a tree or a block list that is whole; DamagedObjectError if it is neither."""
        if identity not in self.links:
            raise DamagedObjectError(what)
        path, offset, length = self.links[identity]
        with path.open("rb") as file:
            return os.pread(file.fileno(), length, offset)


@dataclass
class _Seen:
    """What one file holds."""

    ids: list[bytes] = field(default_factory=list)
    links: dict[bytes, tuple[Path, int, int]] = field(default_factory=dict)
    lost: set[bytes] = field(default_factory=set)
    damage: Damage | None = None


_Check: TypeAlias = Callable[[Path], _Seen | None]


def check_store(directory: Path, progress: Progress) -> Condition:
    """Look at every byte below the store's directory; also at what other commands add meanwhile."""
    condition, known = Condition(), set[Path]()
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1), thread_name_prefix="verify") as pool:
        for _ in range(_TRIES):
            packs = [path for path in _packs(directory, condition) if path not in known]
            loose = [path for path in _loose(directory, condition) if path not in known]
            known.update(packs, loose)
            progress.expect(files=len(packs) + len(loose), size=sum(map(_size, (*packs, *loose))))
            for seen in _in_pool(pool, _check_pack, packs):
                _add(condition, seen, progress)
            for seen in _in_pool(pool, _check_loose, loose):
                _add(condition, seen, progress)
            if not packs and not loose:
                break
    for kind in ("packs", "undo"):
        for index in lost_indexes(directory / kind):
            pack = index.with_suffix(".pack")
            lost = ids_of_index(index) - condition.whole
            if lost:
                condition.damages.append(Damage(Harm.LOST_PACK, pack, f"it held {len(lost):,} objects that lie nowhere else"))
            condition.causes.update(dict.fromkeys(lost, pack))
    condition.foreign = sorted(set(condition.foreign))
    return condition


def _in_pool(pool: ThreadPoolExecutor, check: "_Check", paths: list[Path]) -> "Iterator[tuple[Path, _Seen | None]]":
    """Check a few files at a time, so that what is known of them never piles up."""
    for start in range(0, len(paths), 64):
        batch = paths[start : start + 64]
        yield from zip(batch, pool.map(check, batch), strict=True)


def _add(condition: Condition, found: tuple[Path, _Seen | None], progress: Progress) -> None:
    path, seen = found
    progress.advance(files=1, size=_size(path))
    if seen is None:
        return
    condition.whole.update(seen.ids)
    condition.links.update(seen.links)
    condition.causes.update(dict.fromkeys(seen.lost, path))
    if seen.damage is not None:
        condition.damages.append(seen.damage)


def _packs(directory: Path, condition: Condition) -> Iterator[Path]:
    for kind in ("packs", "undo"):
        for path in _entries(directory / kind):
            if path.suffix == ".pack" and _NAME.fullmatch(path.stem) and _is_file(path):
                yield path
            elif not (path.suffix == ".index" and _NAME.fullmatch(path.stem)) and not path.name.startswith(TEMPORARY):
                condition.foreign.append(path)


def _loose(directory: Path, condition: Condition) -> Iterator[Path]:
    for prefix in _entries(directory / "loose"):
        if prefix.is_dir() and len(prefix.name) == 2:
            for path in _entries(prefix):
                if _NAME.fullmatch(prefix.name + path.name) and _is_file(path):
                    yield path
                else:
                    condition.foreign.append(path)
        elif not prefix.name.startswith(TEMPORARY):
            condition.foreign.append(prefix)


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except FileNotFoundError:
        return []


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _check_loose(path: Path) -> _Seen | None:
    identity, found = bytes.fromhex(path.parent.name + path.name), hashlib.sha256()
    links: dict[bytes, tuple[Path, int, int]] = {}
    try:
        with path.open("rb") as file:
            while part := file.read(_CHUNK):
                if not links and part.startswith((TREE_HEADER, LIST_HEADER)) and file.tell() == len(part):
                    links[identity] = (path, 0, path.stat().st_size)
                found.update(part)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _Seen(lost={identity}, damage=Damage(Harm.LOOSE, path, f"it cannot be read: {error.strerror}"))
    if found.digest() != identity:
        reason = "its content does not have the hash that its name says"
        return _Seen(lost={identity}, damage=Damage(Harm.LOOSE, path, reason, hash=found.digest()))
    return _Seen([identity], links)


def _check_pack(path: Path) -> _Seen | None:
    try:
        return _sound(path) or _look_into(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        lost = set(ids_of_index(index_of(path)))
        return _Seen(lost=lost, damage=Damage(Harm.PACK, path, f"it cannot be read: {error.strerror}"))


def _sound(path: Path) -> _Seen | None:
    """Read a pack that is as it was written, its index too; None where anything differs."""
    listed, seen = read_rows(index_of(path)), _Seen()
    if listed is None:
        return None
    found = hashlib.sha256(PACK_HEADER)
    with path.open("rb") as file:
        if file.read(len(PACK_HEADER)) != PACK_HEADER:
            return None
        for row in listed:
            record = file.read(RECORD.size)
            content = file.read(row.length) if record == RECORD.pack(row.id, row.length) else None
            if content is None or file.tell() != row.offset + row.length or object_id(content) != row.id:
                return None
            found.update(record)
            found.update(content)
            seen.ids.append(row.id)
            if content.startswith((TREE_HEADER, LIST_HEADER)):
                seen.links[row.id] = (path, row.offset, row.length)
        whole = not file.read(1) and found.hexdigest() == path.stem
    return seen if whole else None


def _look_into(path: Path) -> _Seen:
    """Find out what is wrong with a pack, from what its records say and from what its index says, and what in it is whole."""
    listed = read_rows(index_of(path))
    seen, whole = _Seen(), hashlib.sha256()
    rows: list[Row] = []
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            whole.update(part)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        walked = [*records_in(file, size)] if file.read(len(PACK_HEADER)) == PACK_HEADER else []
        for row in dict.fromkeys((*walked, *(listed or ()))):
            content = os.pread(file.fileno(), row.length, row.offset) if row.length < PACKED_BELOW else b""
            if object_id(content) != row.id:
                seen.lost.add(row.id)
                continue
            rows.append(row)
            if content.startswith((TREE_HEADER, LIST_HEADER)):
                seen.links[row.id] = (path, row.offset, row.length)
    seen.ids = [row.id for row in rows]
    seen.lost.difference_update(seen.ids)
    if whole.hexdigest() != path.stem:
        reason = f"it does not have the hash that its name says; {len(seen.lost):,} of its objects are lost"
        seen.damage = Damage(Harm.PACK, path, reason, tuple(rows))
    elif not seen.lost.isdisjoint(row.id for row in walked):
        seen.damage = Damage(Harm.PACK, path, f"{len(seen.lost):,} of its objects do not have their hash", tuple(rows))
    else:
        seen.lost.clear()
        reason = "it is missing or damaged" if listed is None else "it is not that of its pack"
        seen.damage = Damage(Harm.INDEX, index_of(path), reason)
    return seen
