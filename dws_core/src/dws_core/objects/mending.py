"""Making the object store sound again: what is whole is kept, what is damaged is moved aside, and nothing is deleted."""

import os
from collections.abc import Container, Iterable
from contextlib import suppress
from pathlib import Path

from dws_core.objects.checking import Damage, Harm
from dws_core.objects.loose import LooseObjects
from dws_core.objects.pack import Pack, PackWriter, index_of
from dws_core.objects.tree import object_id
from dws_core.objects.writing import make_directory, sync_directory, temporary


def mend(directory: Path, damages: Iterable[Damage], wanted: Container[bytes]) -> None:
    """Mend what can be mended without looking elsewhere; a wanted object that has another's name gets its own."""
    for damage in damages:
        match damage.harm:
            case Harm.INDEX:
                damage.path.unlink(missing_ok=True)
                Pack.open(damage.path.with_suffix(".pack"))
            case Harm.PACK:
                _salvage(damage)
                set_aside(directory, damage.path)
                if index_of(damage.path).exists():
                    set_aside(directory, index_of(damage.path))
            case Harm.LOOSE:
                place = set_aside(directory, damage.path)
                if damage.hash in wanted:
                    _name_rightly(LooseObjects(directory / "loose").path(damage.hash), place)


def set_aside(directory: Path, path: Path) -> Path:
    """Move a damaged file to where nothing reads it any more, and answer its new place."""
    damaged = directory / "damaged"
    make_directory(damaged)
    name = f"{path.parent.name}-{path.name}"
    place, number = damaged / name, 2
    while place.exists():
        place, number = damaged / f"{name}-{number}", number + 1
    path.rename(place)
    sync_directory(damaged)
    return place


def _salvage(damage: Damage) -> None:
    """Put what is whole in a damaged pack into a new one, beside it."""
    if not damage.whole:
        return
    writer = PackWriter(damage.path.parent, temporary(damage.path.parent))
    try:
        with damage.path.open("rb") as file:
            for row in damage.whole:
                content = os.pread(file.fileno(), row.length, row.offset)
                if object_id(content) == row.id:
                    writer.add(row.id, content)
        writer.seal()
    except BaseException:
        writer.discard()
        raise
    writer.close()


def _name_rightly(path: Path, content: Path) -> None:
    make_directory(path.parent)
    with suppress(FileExistsError):
        os.link(content, path)
