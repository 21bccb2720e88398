"""`diff`: only what differs, down to files, parameters and metrics."""

import json

import pytest

from dws_core.errors import UnknownNameError
from dws_core.model.report import Report
from dws_core.operations.diff import diff
from dws_core.operations.snapshot import snapshot
from dws_core.workspace import Workspace

from .conftest import reopened


def run(workspace: Workspace, tag: str, code: str, accuracy: float) -> None:
    (workspace.root / "code" / "a.py").write_text(code)
    results = {"metrics": {"accuracy": accuracy, "report": {"a": {"recall": 1.0}}}}
    (workspace.root / "results" / "results.json").write_text(json.dumps(results))
    snapshot(reopened(workspace), tag)


def tables(report: Report) -> dict[str, list[tuple[object, ...]]]:
    return {table.title: [tuple(row) for row in table.rows] for table in report.tables}


def test_only_what_differs_is_listed(workspace: Workspace) -> None:
    (workspace.root / "source-data" / "d.csv").write_text("1")
    run(workspace, "V1", "one", 0.5)
    run(workspace, "V2", "two", 0.75)

    found = tables(diff(reopened(workspace), "V1", "V2"))

    assert [row[0] for row in found["Resources"]] == ["code", "results"]
    assert ("code", "changed", "a.py") in found["Files"]
    assert ("results", "added", "snapshots/host1-V2/results.json") in found["Files"]
    assert found["Metrics"] == [("accuracy", 0.5, 0.75)]


def test_a_snapshot_does_not_differ_from_itself(workspace: Workspace) -> None:
    run(workspace, "V1", "one", 0.5)

    report = diff(reopened(workspace), "V1", "V1")

    assert report.tables == ()
    assert report.closing == ("V1 and V1 are equal.",)


def test_an_unknown_snapshot_is_answered_with_those_there_are(workspace: Workspace) -> None:
    run(workspace, "V1", "one", 0.5)

    with pytest.raises(UnknownNameError) as caught:
        diff(reopened(workspace), "V1", "nope")

    assert "V1" in (caught.value.hint or "")
