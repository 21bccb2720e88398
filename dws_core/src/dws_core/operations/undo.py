"""Take back the last restore."""

from collections.abc import Mapping
from dataclasses import dataclass

from dws_core.errors import NothingToUndoError
from dws_core.model.changes import RestorePlan
from dws_core.model.codec import object_of, text_of
from dws_core.model.lineage import Lineage
from dws_core.model.version import Version
from dws_core.workspace import Workspace, bring, changing


@dataclass(frozen=True)
class Undone:
    """The verb and the time (UTC) of what was taken back, and what was done to each resource, by name."""

    verb: str
    time: str
    plans: Mapping[str, RestorePlan]
    remarks: tuple[str, ...]


def undo(workspace: Workspace) -> Undone:
    """Bring resources to what they held before the last restore, unsaved changes too; done again, it takes itself back."""
    with changing(workspace, "undo") as operation:
        entry = workspace.undo_log.last()
        if entry is None:
            raise NothingToUndoError
        kept = object_of(entry, "versions")
        versions = {identity: Version.from_json(object_of(kept, identity)) for identity in kept}
        there = {each.id: each for each in workspace.resources}
        types = {identity: workspace.open_resource(there[identity]) for identity in versions if identity in there}
        versions = {identity: versions[identity] for identity in types}
        plans = {type_.resource.name: type_.plan(versions[identity]) for identity, type_ in types.items()}
        _, changed = bring(workspace, operation, types, versions, Lineage.from_json(object_of(entry, "lineage")))
    remarks = tuple(f"{name}: changed again meanwhile" for name in changed)
    return Undone(text_of(entry, "verb"), text_of(entry, "time"), plans, remarks)
