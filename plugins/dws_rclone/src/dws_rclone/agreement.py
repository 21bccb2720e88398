"""What is known to be equal on both sides: for each path the file at the remote and the one here, when they last agreed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dws_core.errors import DamagedRecordError
from dws_core.model.codec import Json, JsonObject
from dws_core.plugin import Note
from dws_rclone.listing import Mark


@dataclass(frozen=True)
class Pair:
    """A file at the remote, and the id of the content that it has."""

    mark: Mark
    id: str


@dataclass
class Agreement:
    """The pair of each path at which both sides agreed last, and those that an exchange, which may be ended, is about to make."""

    pairs: dict[str, Pair] = field(default_factory=dict)
    coming: dict[str, Pair] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Agreement":
        """Read what this clone wrote; nothing is known where it wrote nothing, or what it wrote was damaged."""
        try:
            value = Note(path).read() or {}
        except DamagedRecordError:
            return cls()
        return cls(_pairs(value.get("agreed")), _pairs(value.get("coming")))

    def write(self, path: Path) -> None:
        """Write it down, whole or not at all."""
        Note(path).write({"agreed": _rows(self.pairs), "coming": _rows(self.coming)})

    def holds(self, path: str, pair: Pair) -> bool:
        """Tell whether a file there and one here are known to be equal."""
        return pair in (self.pairs.get(path), self.coming.get(path))

    def last(self, path: str, identity: str | None) -> Pair | None:
        """Answer at which pair a path was when both sides agreed, given what is here: an exchange may have got that far."""
        coming = self.coming.get(path)
        return coming if coming is not None and coming.id == identity else self.pairs.get(path)

    def settle(self, equal: Mapping[str, Pair], gone: Collection[str] = ()) -> None:
        """Remember what is equal now, and forget what is on neither side any more; nothing is under way."""
        self.pairs.update(equal)
        self.coming = {}
        for path in gone:
            self.pairs.pop(path, None)


def _rows(pairs: Mapping[str, Pair]) -> JsonObject:
    return {path: [each.mark.size, each.mark.hash, each.mark.modified, each.id] for path, each in pairs.items()}


def _pairs(value: Json) -> dict[str, Pair]:
    rows = value.items() if isinstance(value, dict) else ()
    return {path: pair for path, row in rows if (pair := _pair(row)) is not None}


def _pair(value: Json) -> Pair | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    size, given, modified, identity = value
    if isinstance(size, int) and isinstance(given, str) and isinstance(modified, str) and isinstance(identity, str):
        return Pair(Mark(size, given, modified), identity)
    return None
