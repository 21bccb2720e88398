"""What one operation does to a workspace, as the journal keeps it until it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dws_core.model.codec import Json, JsonObject, flag_of, object_of, objects_of, text_of, texts_of
from dws_core.model.undo import State, UndoEntry
from dws_core.model.version import Version
from dws_core.plugin.resource_type import ResultsMove


@dataclass(frozen=True)
class Move:
    """Results of one resource that go to their directory once the snapshot has happened."""

    resource: str
    version: Version
    move: ResultsMove

    def to_json(self) -> JsonObject:
        return {
            "resource": self.resource,
            "version": self.version.to_json(),
            "destination": self.move.destination,
            "stay": [*sorted(self.move.stay)],
            "files": {name: content.decode() for name, content in self.move.files.items()},
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "Move":
        files = object_of(value, "files")
        move = ResultsMove(
            destination=text_of(value, "destination"),
            stay=frozenset(texts_of(value, "stay")),
            files={name: text_of(files, name).encode() for name in files},
        )
        return cls(text_of(value, "resource"), Version.from_json(object_of(value, "version")), move)


@dataclass(frozen=True)
class Change:
    """What an operation does beside the records that it commits.

    `becomes` is what it brings about by itself: content, lineage and this clone's settings; `differing` names the resources
    whose content is another one yet. `moves` follow the commit. `entry` is what the undo log keeps of it, None where there is
    nothing to take back.
    """

    becomes: State = field(default_factory=State)
    differing: tuple[str, ...] = ()
    moves: Sequence[Move] = ()
    entry: UndoEntry | None = None


@dataclass(frozen=True)
class Pending:
    """An operation under way: enough to finish it, or to take it back.

    `records` are the paths of its records, of which `fresh` were not there before; `stale` are the lock files that its commit
    may leave. `number` is that of its entry in the undo log. `begun` is one whose records are not known yet.
    """

    verb: str
    change: Change
    number: int
    records: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    begun: bool = False

    def to_json(self) -> JsonObject:
        entry: Json = self.change.entry.to_json() if self.change.entry else None
        return {
            "verb": self.verb,
            "number": self.number,
            "records": [*self.records],
            "fresh": [*self.fresh],
            "stale": [*self.stale],
            "becomes": self.change.becomes.to_json(),
            "differing": [*self.change.differing],
            "moves": [move.to_json() for move in self.change.moves],
            "entry": entry,
            "begun": self.begun,
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "Pending":
        number = value.get("number")
        change = Change(
            State.from_json(object_of(value, "becomes")),
            texts_of(value, "differing"),
            [Move.from_json(move) for move in objects_of(value, "moves")],
            UndoEntry.from_json(object_of(value, "entry")) if value.get("entry") else None,
        )
        lists: Mapping[str, tuple[str, ...]] = {name: texts_of(value, name) for name in ("records", "fresh", "stale")}
        number = number if isinstance(number, int) else 0
        return cls(text_of(value, "verb"), change, number, **lists, begun=flag_of(value, "begun"))
