"""The lineage report: what each resource holds, which step wrote it, and from what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dws_core.builtin.reports.lineage_graphs import Graph, graphs_of
from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.step import Edge, State, Step
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
        roles = {resource.name: resource.role for resource in workspace.resources}
        graphs = graphs_of(workspace.name, lineage, roles)
        told = [row for graph in graphs for row in (*_step_rows(graph), *_origin_rows(graph), *_code_rows(graph))]
        others = _other_rows(graphs[0], workspace.resources, versions, {str(row[0]).split(":")[0] for row in told})
        rows = dict.fromkeys([*told, *others])  # two resources may have brought along the same
        return Report("lineage", (title,), (Table(COLUMNS, [*rows]),), facts=lineage.to_json())


def _step_rows(graph: Graph) -> list[Row]:
    rows: dict[tuple[str, str], Row] = {}
    for step in reversed(graph.lineage.steps):
        for edge in step.outputs:
            row = (graph.shown(edge.ref), graph.titled("Step"), _details(step, edge), _inputs(graph, step))
            rows.setdefault((str(edge.ref), step.id), row)
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


def _inputs(graph: Graph, step: Step) -> str:
    return ", ".join(f"{graph.shown(edge.ref)} ({_hash(edge)})" for edge in step.inputs) or "None"


def _origin_rows(graph: Graph) -> list[Row]:
    """Show the inputs that no step of the graph wrote."""
    written = {edge.ref for step in graph.lineage.steps for edge in step.outputs}
    above = {each for ref in written for each in ref.above}
    origins = {
        (edge.ref, edge.version): (
            graph.shown(edge.ref),
            graph.type_of(edge.ref.name),
            _hash(edge),
            _origin(graph, edge.ref.name),
        )
        for step in graph.lineage.steps
        for edge in step.inputs
        if edge.ref not in above and written.isdisjoint(edge.ref.above)
    }
    return list(origins.values())


def _origin(graph: Graph, name: str) -> str:
    """Tell what data was made from: source data from nothing that we know of, of other data nobody has told."""
    return graph.origins.get(name) or ("None" if graph.roles.get(name) in GIVEN else "unknown")


def _code_rows(graph: Graph) -> list[Row]:
    codes = {
        (edge.ref, edge.version): (graph.shown(edge.ref), graph.titled("Code"), _hash(edge), "None")
        for step in graph.lineage.steps
        for edge in step.code
    }
    return list(codes.values())


def _other_rows(graph: Graph, resources: Sequence[Resource], versions: Mapping[str, Version], told: set[str]) -> list[Row]:
    """Show what else is there: of what somebody must have made, what it was made from is unknown."""
    hashes = {each.name: f"Hash:{versions[each.id].short}" for each in resources if each.id in versions}
    names = [each.name for each in resources if each.name in hashes or each.name in graph.origins]
    return [(name, graph.type_of(name), hashes.get(name, ""), _origin(graph, name)) for name in names if name not in told]


def _hash(edge: Edge) -> str:
    return "unknown" if edge.version is None else f"Hash:{edge.version[:8]}"
