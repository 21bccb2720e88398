"""The snapshots and resources that the records tell of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dws_core.errors import AmbiguousNameError, UnknownNameError
from dws_core.model.codec import Json, JsonObject, flag_of, text_of
from dws_core.model.names import fold
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.workspace.records import Records

WORKSPACE = "workspace"
_SHORTEST_HASH = 4


@dataclass(frozen=True)
class _Change:
    """One change of a setting of the workspace or of a resource."""

    target: str
    name: str
    value: Json
    unset: bool

    @classmethod
    def from_json(cls, value: JsonObject, _: str) -> "_Change":
        return cls(text_of(value, "target"), text_of(value, "name"), value.get("value"), flag_of(value, "unset"))


def removed_ids(records: Records) -> frozenset[str]:
    """Name the resources and snapshots that were taken out; of each, the latest record tells whether it is back."""
    latest = dict(records.nouns("removed", lambda value, _: (text_of(value, "target"), flag_of(value, "back"))))
    return frozenset(target for target, back in latest.items() if not back)


def changed_settings(records: Records, target: str) -> Mapping[str, Json]:
    """Give the settings of the workspace or a resource that were changed; the latest change of each holds.

    One that was unset is not among them: what held before any change holds again.
    """
    latest = {change.name: change for change in records.nouns("settings", _Change.from_json) if change.target == target}
    return {name: change.value for name, change in latest.items() if not change.unset}


def find_resource(resources: Sequence[Resource], name: str) -> Resource:
    """Find a resource by name or the first digits of its id; two clones may have added one of the same name."""
    named = [each for each in resources if fold(each.name) == fold(name)]
    if len(named) == 1:
        return named[0]
    if named:
        raise AmbiguousNameError("resource", name, [f"{each.name} {each.id[:7]} ({each.type}, {each.time})" for each in named])
    by_id = [each for each in resources if len(name) >= _SHORTEST_HASH and each.id.startswith(name)]
    if len(by_id) == 1:
        return by_id[0]
    raise UnknownNameError("resource", name, [each.name for each in resources])


def find_snapshot(snapshots: Sequence[Snapshot], text: str) -> Snapshot:
    """Find a snapshot by its tag, or else by the first digits of its hash."""
    for fits in (
        lambda each: text in each.tags,
        lambda each: fold(text) in map(fold, each.tags),
        lambda each: len(text) >= _SHORTEST_HASH and each.id.startswith(text.lower()),
    ):
        tagged = [each for each in snapshots if fits(each)]
        if len(tagged) == 1:
            return tagged[0]
        if tagged:
            raise AmbiguousNameError("snapshot", text, [f"{each.short} of {each.host}, {each.time[:19]}" for each in tagged])
    newest_first = [each.label for each in reversed(snapshots)]
    raise UnknownNameError("snapshot", text, newest_first)
