"""Compare each resource with the last snapshot."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from dws_core.errors import (
    DisabledTypeError,
    DwsError,
    InvalidSettingError,
    MissingObjectError,
    MissingTypeError,
    PathMissingError,
    PathRefusedError,
    PlaceUnknownError,
    ResourceError,
    ToolError,
)
from dws_core.model.changes import Changes
from dws_core.model.codec import Json, JsonObject
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.model.version import Version
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import Standing
from dws_core.plugin.viewing import view_of
from dws_core.workspace import IdSet, Workspace


class State(StrEnum):
    """How a resource stands to the last snapshot; opaque is what cannot be looked at, for want of its type or as a line says."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    MISSING = "missing"
    OPAQUE = "opaque"


def status(workspace: Workspace) -> Report:
    """Tell for each resource what was added, removed and changed since the last snapshot; nothing is stored."""
    last = next(reversed(workspace.snapshots()), None)
    rows: list[tuple[Json, ...]] = []
    details: dict[str, Json] = {}
    sizes: dict[str, Json] = {}
    standings: dict[str, Standing] = {}
    for resource in workspace.resources:
        recorded = last.versions.get(resource.id) if last else None
        state, changes = _compare(workspace, resource, recorded)
        counts = (len(changes.added), len(changes.removed), len(changes.changed)) if changes is not None else (None, None, None)
        rows.append((resource.name, resource.role.value, state.value, *counts))
        if changes:
            details[resource.name] = _paths(changes)
            if changes.bytes is not None:
                sizes[resource.name] = changes.bytes
        standing = _stand(workspace, resource, recorded) if changes is not None else None
        if standing is not None:
            standings[resource.name] = standing
    table = Table(("Resource", "Role", "State", "Added", "Removed", "Changed"), rows)
    return Report(
        "status",
        (_title(workspace, last),),
        (table,),
        (*(f"{name}: {each.text}" for name, each in standings.items()), *_closing(workspace, sizes)),
        facts={"paths": details, "bytes": sizes, "standings": {name: each.facts for name, each in standings.items()}},
    )


def _title(workspace: Workspace, last: Snapshot | None) -> str:
    if last is None:
        return f"Workspace {workspace.name}: no snapshot has been taken yet"
    by = "" if last.host == workspace.hostname else f", which {last.user} took on {last.host}"
    return f"Workspace {workspace.name}: since snapshot {last.label}{by}"


def _closing(workspace: Workspace, sizes: Mapping[str, Json]) -> Iterator[str]:
    for name, size in sizes.items():
        yield f"{name}: what was added and changed is {size:,} bytes"
    for resource in workspace.resources:
        seen = view_of(workspace, resource)
        if seen:
            yield f"{resource.name}: seen as in {seen}, whatever lies there now; `dws live {resource.name}` ends that"
    due = workspace.due_repair
    if due:
        yield f"A `dws {due}` was ended in the middle; the next command that changes something repairs it."
    sent = IdSet(workspace.layout.sent).read()
    if sent:
        waiting = sum(each.id not in sent for each in workspace.snapshots())
        if waiting:
            yield f"{waiting} snapshot{'' if waiting == 1 else 's'} not pushed yet: `dws push` sends what others lack."


def _compare(workspace: Workspace, resource: Resource, recorded: Version | None) -> tuple[State, Changes | None]:
    try:
        type_ = workspace.open_resource(resource)
        changes = type_.changes_since(recorded)
        if changes or recorded is None:
            return State.CHANGED, changes
        by_version = workspace.capabilities(resource) & {Capability.LOOSE_VERSIONS, Capability.DECLARED}
        return (State.CHANGED if by_version and type_.current() != recorded else State.UNCHANGED), changes
    except (MissingTypeError, DisabledTypeError):
        return State.OPAQUE, None
    except (PathMissingError, PlaceUnknownError, FileNotFoundError):
        return State.MISSING, None
    except (PathRefusedError, InvalidSettingError) as error:  # a stranger's record hides nothing of the other resources
        workspace.progress.warn(f"{resource.name}: {error.message}")
        return State.MISSING, None
    except (ResourceError, ToolError, MissingObjectError) as error:  # nor does a server that is away, or content that nobody sent
        workspace.progress.warn(f"{resource.name}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
        return State.OPAQUE, None


def _stand(workspace: Workspace, resource: Resource, recorded: Version | None) -> Standing | None:
    """Ask how a resource stands to its origin; where that cannot be asked, a line says why."""
    try:
        return workspace.open_resource(resource).standing(recorded)
    except DwsError as error:
        workspace.progress.warn(f"{resource.name}: its origin could not be asked: {error.message}")
        return None


def _paths(changes: Changes) -> JsonObject:
    return {"added": [*changes.added], "removed": [*changes.removed], "changed": [*changes.changed]}
