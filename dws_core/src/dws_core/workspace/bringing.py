"""Brings resources to versions, after what is there now was kept in the undo log."""

from collections.abc import Mapping
from typing import Any

from dws_core.model.codec import JsonObject
from dws_core.model.lineage import Lineage
from dws_core.model.version import Version
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.operation import Operation
from dws_core.workspace.workspace import Workspace


def bring(
    workspace: Workspace,
    operation: Operation,
    types: Mapping[str, ResourceType[Any]],
    versions: Mapping[str, Version],
    lineage: Lineage,
) -> tuple[bool, list[str]]:
    """Bring resources (by id) to these versions, and their lineage to this one.

    Answers whether anything had to be done, and the names of resources that somebody changed again meanwhile.
    """
    saved = {identity: _store(type_) for identity, type_ in types.items()}
    differing = {identity: version for identity, version in versions.items() if saved[identity] != version}
    found: Mapping[str, Version] = {}
    if differing:
        workspace.undo_log.append(_entry(workspace, operation.verb, saved))
        found = operation.restore(differing, saved)
    workspace.steps.adopt(lineage, [type_.resource.name for type_ in types.values()])
    changed = [types[identity].resource.name for identity, version in found.items() if differing[identity] != version]
    return bool(differing), changed


def _store(type_: ResourceType[Any]) -> Version:
    type_.check()
    return type_.snapshot()


def _entry(workspace: Workspace, verb: str, saved: Mapping[str, Version]) -> JsonObject:
    return {
        "verb": verb,
        "time": workspace.caller.timestamp(),
        "versions": {identity: version.to_json() for identity, version in saved.items()},
        "lineage": workspace.current_lineage().to_json(),
    }
