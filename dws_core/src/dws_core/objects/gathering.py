"""What of a clone's packs goes to a store: large ones as they are, and what lies scattered gathered into new ones."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from dws_core.objects.contents import Contents
from dws_core.objects.layout import PACK_FULL
from dws_core.objects.pack import Pack, PackWriter, row_cost
from dws_core.objects.room import check_room
from dws_core.objects.writing import make_directory, temporary

_SMALL = 4 * 1024 * 1024

_Scattered: TypeAlias = dict[Pack, list[tuple[int, bytes]]]


@contextmanager
def gather(contents: Contents, wanted: Iterable[bytes], private: Path) -> Iterator[list[Path]]:
    """Answer sealed packs that hold all of these objects that lie in packs; those made for it are gone afterwards."""
    whole: list[Pack] = []
    scattered: _Scattered = {}
    for pack, rows in contents.by_pack(wanted).items():
        if pack.end >= _SMALL and _is_wanted(contents, pack, rows):
            whole.append(pack)
        else:
            scattered[pack] = sorted(rows)
    if len(scattered) == 1 and _is_wanted(contents, *next(iter(scattered.items()))):
        whole += scattered
        scattered = {}
    directory = private / "gathered"
    _empty(directory)
    try:
        yield [*(pack.path for pack in whole), *_write(contents, scattered, directory)]
    finally:
        _empty(directory)


def _is_wanted(contents: Contents, pack: Pack, rows: list[tuple[int, bytes]]) -> bool:
    """Tell whether a pack may leave this clone, and most of its bytes are wanted."""
    return not contents.is_aside(pack) and 2 * _cost(pack, rows) > pack.end


def _write(contents: Contents, scattered: _Scattered, directory: Path) -> list[Path]:
    """Put objects into new packs, always in the same order: done again, it makes the same packs."""
    sealed: list[Path] = []
    writer: PackWriter | None = None
    if scattered:
        make_directory(directory)
        check_room(directory, sum(_cost(pack, rows) for pack, rows in scattered.items()))
    try:
        for _, rows in sorted(scattered.items(), key=lambda each: each[0].path.name):
            for _, identity in rows:
                writer = writer or PackWriter(directory, temporary(directory))
                writer.add(identity, contents.read(identity))
                if writer.length >= PACK_FULL:
                    sealed.append(_seal(writer))
                    writer = None
        return [*sealed, *([_seal(writer)] if writer else ())]
    except BaseException:
        if writer is not None:
            writer.discard()
        raise


def _cost(pack: Pack, rows: list[tuple[int, bytes]]) -> int:
    return sum(row_cost(pack.length_of(row)) for row, _ in rows)


def _seal(writer: PackWriter) -> Path:
    writer.seal()
    writer.close()
    return writer.path


def _empty(directory: Path) -> None:
    for path in directory.glob("*"):
        path.unlink(missing_ok=True)
