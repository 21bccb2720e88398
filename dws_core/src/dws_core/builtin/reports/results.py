"""`dws report results`: what the results files say, the current ones or a snapshot's."""

from collections.abc import Iterator
from dataclasses import dataclass

from dws_core.builtin.reports.results_files import ResultsFile, current_files, files_of
from dws_core.model.codec import Json, JsonObject
from dws_core.model.report import Report, Shown, Table
from dws_core.plugin import ReportType, Settings, WorkspaceView, setting

_COLUMNS = ("Key", "Value")


@dataclass(frozen=True)
class ResultsSettings(Settings):
    """Whose results are shown."""

    snapshot: str | None = setting("the tag or hash of the snapshot whose results are shown", default=None)


class ResultsReport(ReportType[ResultsSettings]):
    """General properties, parameters and metrics of each results file; with none at hand, of the newest snapshot's."""

    def build(self, workspace: WorkspaceView) -> Report:
        wanted = self.settings.snapshot
        if wanted is not None:
            files = [*files_of(workspace, workspace.find_snapshot(wanted))]
        else:
            files = [*current_files(workspace)] or _newest(workspace)
        readable = [file for file in files if not file.problem]
        closing = tuple(f"{file.place} cannot be read: {file.problem}" for file in files if file.problem)
        if not files:
            closing = ("There are no results yet: a step that writes results.json to a results resource makes some.",)
            closing = closing if wanted is None else (f"Snapshot {wanted} holds no results.",)
        facts: dict[str, Json] = {"results": [{"file": file.place, "content": file.content} for file in readable]}
        alone = len(readable) == 1
        tables = [table for file in readable for table in _tables(file, alone=alone)]
        title = (f"Results file at {readable[0].place}",) if alone else ()
        return Report("results", title, tuple(tables), closing, facts)


def _newest(workspace: WorkspaceView) -> list[ResultsFile]:
    for snapshot in reversed(workspace.snapshots()):
        if snapshot.results and (files := [*files_of(workspace, snapshot)]):
            return files
    return []


def _tables(file: ResultsFile, *, alone: bool) -> Iterator[Table]:
    heading = "" if alone else f"Results file at {file.place}: "
    rest = {key: value for key, value in file.content.items() if key not in ("parameters", "metrics")}
    yield Table(_COLUMNS, [*rest.items()], f"{heading}General Properties", Shown.INLINE, decimals=3)
    parameters = file.content.get("parameters")
    if isinstance(parameters, dict) and parameters:
        yield Table(_COLUMNS, [*parameters.items()], objects=Shown.INLINE)
    metrics = file.content.get("metrics")
    if isinstance(metrics, dict):
        yield from _metrics(metrics)


def _metrics(metrics: JsonObject) -> Iterator[Table]:
    plain = [(name, value) for name, value in metrics.items() if not isinstance(value, dict)]
    if plain:
        yield Table(_COLUMNS, plain, decimals=3)
    for name, value in metrics.items():
        if isinstance(value, dict):
            yield Table(_COLUMNS, [*value.items()], f"Metrics: {name}", Shown.INLINE)
