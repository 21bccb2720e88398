"""How a part of the workspace stands now, and the records that make it stand otherwise."""

from collections.abc import Iterator, Mapping

from dws_core.model.codec import JsonObject
from dws_core.model.undo import State
from dws_core.model.version import Version
from dws_core.workspace.exporting import exports_now
from dws_core.workspace.history import changed_settings, removed_ids
from dws_core.workspace.workspace import Workspace

_KINDS = {"snapshots": "snapshot", "resources": "resource", "stores": "store"}


def stands_now(workspace: Workspace, like: State, versions: Mapping[str, Version]) -> State:
    """Tell of everything that a state tells of how it is now; the versions of content are at hand."""
    removed = removed_ids(workspace.records)
    return State(
        versions=versions,
        lineage=None if like.lineage is None else workspace.steps.read().current().to_json(),
        there={(kind, identity): identity not in removed for kind, identity in like.there},
        shared={(target, name): changed_settings(workspace.records, target).get(name) for target, name in like.shared},
        own={(target, name): workspace.clone_settings.of(target).get(name) for target, name in like.own},
        exports=exports_now(workspace, like.exports),
    )


def records_between(workspace: Workspace, now: State, wanted: State) -> list[tuple[str, JsonObject]]:
    """Make the records (kind, value) that turn what stands now into what is wanted: nothing recorded is ever taken away."""
    return [*_presences(workspace, now, wanted), *_settings(workspace, now, wanted)]


def _removal(workspace: Workspace, kind: str, identity: str, *, back: bool = False) -> tuple[str, JsonObject]:
    """Make the record that takes another out of what counts, or brings it back."""
    value: JsonObject = {
        "target": identity,
        "kind": _KINDS[kind],
        "time": _time(workspace, "removed", {"target": identity}),
        "user": workspace.caller.user,
        "host": workspace.hostname,
    }
    return "removed", {**value, "back": True} if back else value


def _change_of_setting(workspace: Workspace, target: str, name: str, value: JsonObject) -> tuple[str, JsonObject]:
    """Make the record that gives a setting a value, `{"value": …}`, or takes away what was given, `{"unset": true}`."""
    key: JsonObject = {"target": target, "name": name}
    return "settings", {**key, **value, "time": _time(workspace, "settings", key)}


def _presences(workspace: Workspace, now: State, wanted: State) -> Iterator[tuple[str, JsonObject]]:
    for (kind, identity), there in wanted.there.items():
        if now.there[kind, identity] != there:
            yield _removal(workspace, kind, identity, back=there)


def _settings(workspace: Workspace, now: State, wanted: State) -> Iterator[tuple[str, JsonObject]]:
    for (target, name), value in wanted.shared.items():
        if now.shared[target, name] != value:
            yield _change_of_setting(workspace, target, name, {"unset": True} if value is None else {"value": value})


def _time(workspace: Workspace, kind: str, about: JsonObject) -> str:
    """A time later than that of every record about the same thing, whatever the clocks say: the latest record counts."""
    same = [value for value in workspace.records.read(kind).values() if about.items() <= value.items()]
    return workspace.caller.timestamp(after=max((str(value.get("time", "")) for value in same), default=""))
