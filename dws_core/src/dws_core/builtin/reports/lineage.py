"""The lineage report: what each resource holds, which step wrote it, and from what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dws_core.model.codec import Json
from dws_core.model.lineage import Lineage
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.step import Edge, ResourceRef, State, Step
from dws_core.model.version import Version
from dws_core.plugin import ReportType, Settings, WorkspaceView, setting

COLUMNS = ("Resource", "Type", "Details", "Inputs")
GIVEN = (Role.SOURCE_DATA, Role.CODE)
Row = tuple[Json, ...]


@dataclass(frozen=True)
class LineageSettings(Settings):
    """Which lineage to show."""

    snapshot: str | None = setting("the tag or hash of a snapshot; without it, what the resources hold now", default=None)


class LineageReport(ReportType[LineageSettings]):
    """Steps with what they read, the data they began with, and the code they ran."""

    def build(self, workspace: WorkspaceView) -> Report:
        versions: Mapping[str, Version] = {}
        if self.settings.snapshot is None:
            title, lineage = f"Lineage for workspace {workspace.name}", workspace.current_lineage()
        else:
            snapshot = workspace.find_snapshot(self.settings.snapshot)
            title, lineage, versions = f"Lineage for {snapshot.label}", workspace.lineage_of(snapshot), snapshot.versions
        roles = {resource.name: _titled(resource.role) for resource in workspace.resources}
        told = [*_step_rows(lineage), *_origin_rows(lineage, roles), *_code_rows(lineage)]
        rows = [*told, *_other_rows(workspace.resources, versions, {str(row[0]).split(":")[0] for row in told})]
        return Report("lineage", (title,), (Table(COLUMNS, rows),), facts=lineage.to_json())


def _step_rows(lineage: Lineage) -> list[Row]:
    rows: dict[tuple[str, str], Row] = {}
    for step in reversed(lineage.steps):
        for edge in step.outputs:
            rows.setdefault((str(edge.ref), step.id), (str(edge.ref), "Step", _details(step, edge), _inputs(step)))
    return list(rows.values())


def _details(step: Step, output: Edge) -> str:
    text = f"{step.name} at {_local_time(step.start)}"
    if step.state is not State.COMPLETE:
        return f"{text}, {step.state.value}: unknown"
    return text if output.version is not None else f"{text}, changed since: unknown"


def _local_time(start: str) -> str:
    try:
        return str(datetime.fromisoformat(start).astimezone().replace(tzinfo=None))
    except (ValueError, OverflowError):
        return start  # a stranger's record: whatever it says is shown


def _inputs(step: Step) -> str:
    return ", ".join(f"{edge.ref} ({_hash(edge)})" for edge in step.inputs) or "None"


def _origin_rows(lineage: Lineage, roles: dict[str, str]) -> list[Row]:
    """Show the inputs that no step of the graph wrote."""
    written = {edge.ref for step in lineage.steps for edge in step.outputs}
    above = {each for ref in written for each in ref.above}
    origins = {
        (edge.ref, edge.version): (str(edge.ref), _type_of(edge.ref, roles), _hash(edge), _origin(edge.ref, roles))
        for step in lineage.steps
        for edge in step.inputs
        if edge.ref not in above and written.isdisjoint(edge.ref.above)
    }
    return list(origins.values())


def _origin(ref: ResourceRef, roles: dict[str, str]) -> str:
    """Tell what data was made from: source data from nothing that we know of, of other data nobody has told."""
    return "None" if _type_of(ref, roles) in map(_titled, GIVEN) else "unknown"


def _code_rows(lineage: Lineage) -> list[Row]:
    codes = {
        (edge.ref, edge.version): (str(edge.ref), "Code", _hash(edge), "None") for step in lineage.steps for edge in step.code
    }
    return list(codes.values())


def _other_rows(resources: Sequence[Resource], versions: Mapping[str, Version], told: set[str]) -> list[Row]:
    """Show what the snapshot holds besides: of what somebody must have made, what it was made from is unknown."""
    return [
        (each.name, _titled(each.role), f"Hash:{versions[each.id].short}", "None" if each.role in GIVEN else "unknown")
        for each in resources
        if each.id in versions and each.name not in told
    ]


def _titled(role: Role) -> str:
    return role.value.replace("-", " ").title()


def _type_of(ref: ResourceRef, roles: dict[str, str]) -> str:
    return roles.get(ref.name, "Unknown")


def _hash(edge: Edge) -> str:
    return "unknown" if edge.version is None else f"Hash:{edge.version[:8]}"
