"""What operations touched, as it was before them: the nouns of the undo log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from dws_core.model.codec import Json, JsonObject, object_of, objects_of, text_of
from dws_core.model.version import Version

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class State:
    """Part of what a workspace is, in absolute values: of several one after the other, the earliest of each thing counts.

    `versions` is the content of resources (by id), and `lineage` how it came to be. `there` tells of records (kind, id) whether
    they count. `shared` and `own` are settings by (target, name), None where none was given. `exports` is the text of the
    lineage files of exported resources (by id), None where there was none.
    """

    versions: Mapping[str, Version] = field(default_factory=dict)
    lineage: JsonObject | None = None
    there: Mapping[Key, bool] = field(default_factory=dict)
    shared: Mapping[Key, Json] = field(default_factory=dict)
    own: Mapping[Key, Json] = field(default_factory=dict)
    exports: Mapping[str, str | None] = field(default_factory=dict)

    def after(self, earlier: "State") -> "State":
        """Take from an earlier state all that it tells, and the rest from this one; content holds its lineage file."""
        exports = {identity: text for identity, text in self.exports.items() if identity not in earlier.versions}
        return State(
            {**self.versions, **earlier.versions},
            self.lineage if earlier.lineage is None else earlier.lineage,
            {**self.there, **earlier.there},
            {**self.shared, **earlier.shared},
            {**self.own, **earlier.own},
            {**exports, **earlier.exports},
        )

    def to_json(self) -> JsonObject:
        exports: JsonObject = {**self.exports}
        return {
            "versions": {identity: version.to_json() for identity, version in self.versions.items()},
            "lineage": self.lineage,
            "there": [{"kind": kind, "id": identity, "there": there} for (kind, identity), there in self.there.items()],
            "shared": _settings(self.shared),
            "own": _settings(self.own),
            **({"exports": exports} if exports else {}),
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "State":
        versions, exports = object_of(value, "versions"), object_of(value, "exports")
        return cls(
            {identity: Version.from_json(object_of(versions, identity)) for identity in versions},
            None if value.get("lineage") is None else object_of(value, "lineage"),
            {(text_of(each, "kind"), text_of(each, "id")): bool(each.get("there")) for each in objects_of(value, "there")},
            {_key(each): each.get("value") for each in objects_of(value, "shared")},
            {_key(each): each.get("value") for each in objects_of(value, "own")},
            {identity: None if exports[identity] is None else text_of(exports, identity) for identity in exports},
        )


@dataclass(frozen=True)
class UndoEntry:
    """One operation in the undo log: its verb, what it did in a few words, when (UTC), and what it touched as it was before.

    `to` is the number of the entry whose `before` it went back to: `undo` and `redo` alone have one.
    """

    verb: str
    what: str
    time: str
    before: State
    to: int | None = None

    def to_json(self) -> JsonObject:
        value: JsonObject = {"verb": self.verb, "what": self.what, "time": self.time, "before": self.before.to_json()}
        return value if self.to is None else {**value, "to": self.to}

    @classmethod
    def from_json(cls, value: JsonObject) -> "UndoEntry":
        to = value.get("to")
        if to is not None and (not isinstance(to, int) or isinstance(to, bool)):
            raise ValueError("'to' must be a whole number")
        before = State.from_json(object_of(value, "before"))
        return cls(text_of(value, "verb"), text_of(value, "what"), text_of(value, "time"), before, to)


@dataclass(frozen=True)
class Standing:
    """Which operations (by number) are done, and which undos can be taken back; both in order of time."""

    done: tuple[int, ...] = ()
    undone: tuple[int, ...] = ()

    @classmethod
    def of(cls, entries: Mapping[int, UndoEntry]) -> "Standing":
        """Work out how things stand after all of them."""
        now = cls()
        before: dict[int, Standing] = {}
        for number, entry in sorted(entries.items()):
            before[number] = now
            if entry.to is None:
                now = cls((*now.done, number))
            else:
                then = before.get(entry.to, cls())
                now = cls(then.done, (*now.undone, number)) if entry.verb == "undo" else then
        return now


def state_before(entries: Mapping[int, UndoEntry], number: int) -> State:
    """Put together what was there before an entry, of all that was touched since and not brought back already."""
    state = State()
    at = max(entries, default=0)
    while at >= number:
        entry = entries.get(at)
        if entry is not None and entry.to is not None and entry.to >= number:
            at = entry.to
        elif entry is not None:
            state = state.after(entry.before)
        at -= 1
    return state


def _key(value: JsonObject) -> Key:
    return text_of(value, "target"), text_of(value, "name")


def _settings(values: Mapping[Key, Json]) -> list[Json]:
    return [{"target": target, "name": name, "value": value} for (target, name), value in values.items()]
