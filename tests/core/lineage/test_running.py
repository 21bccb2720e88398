"""A step while it runs, and what is known of it afterwards."""

import hashlib
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from dws_core import LineageBuilder, Role, Workspace, find_workspace
from dws_core.builtin.local_files.resource_type import LocalFiles
from dws_core.builtin.reports.lineage import LineageReport, LineageSettings
from dws_core.model.step import State
from dws_core.operations.add import add
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot


def report(tag: str | None = None) -> list[dict[str, Any]]:
    """The rows of the lineage report."""
    (table,) = LineageReport(LineageSettings(snapshot=tag)).build(find_workspace()).tables
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def clean(workspace: Workspace) -> None:
    builder = LineageBuilder().with_step_name("clean").with_input_path("source-data/raw.csv")
    with builder.with_output_path("intermediate-data/clean.csv").eval():
        (workspace.root / "intermediate-data" / "clean.csv").write_text("clean")


def test_a_step_with_a_name_of_its_own_knows_its_code(workspace: Workspace) -> None:
    script = workspace.root / "code" / "run.py"
    script.write_text(
        "from dws_core import LineageBuilder\nwith LineageBuilder().with_step_name('x').with_output_ref('results').eval(): pass"
    )

    subprocess.run([sys.executable, script], cwd=workspace.root, check=True)

    (step,) = find_workspace().steps.read().steps
    assert (step.name, step.script["name"], step.command_line) == ("x", "run.py", ("code/run.py",))
    assert [str(edge.ref) for edge in step.code] == ["code"]


def test_a_script_outside_every_resource_is_known_by_its_hash(workspace: Workspace, tmp_path: Path) -> None:
    script = tmp_path / "elsewhere.py"
    script.write_text("from dws_core import LineageBuilder\nwith LineageBuilder().with_output_ref('results').eval(): pass")

    subprocess.run([sys.executable, script], cwd=workspace.root, check=True)

    (step,) = find_workspace().steps.read().steps
    assert (step.name, step.code) == ("elsewhere", ())
    assert step.script["sha256"] == hashlib.sha256(script.read_bytes()).hexdigest()
    assert str(tmp_path) not in json.dumps(step.to_json())


def test_at_a_plain_prompt_a_step_is_called_interactive(workspace: Workspace) -> None:
    code = "from dws_core import LineageBuilder\nwith LineageBuilder().with_output_ref('results').eval(): pass"

    subprocess.run([sys.executable, "-c", code], cwd=workspace.root, check=True)

    (step,) = find_workspace().steps.read().steps
    assert (step.name, step.script, step.command_line) == ("interactive", {}, ())


def test_what_was_edited_after_its_step_is_unknown(workspace: Workspace) -> None:
    """Neither the report nor a snapshot says that a step wrote what it did not."""
    clean(workspace)
    (workspace.root / "intermediate-data" / "clean.csv").write_text("edited")

    snapshot(find_workspace(), "V1")

    for rows in (report(), report("V1")):
        (row,) = (row for row in rows if row["Resource"] == "intermediate-data:clean.csv")
        assert row["Details"].endswith("changed since: unknown")


def test_results_are_known_by_their_own_file(workspace: Workspace) -> None:
    """A plot that is saved beside the results changes nothing; an edit of the results file makes them unknown."""
    with LineageBuilder().with_step_name("train").as_results_step("results").eval() as step:
        step.write_results({"accuracy": 0.5})
    (workspace.root / "results" / "plot.svg").write_text("<svg/>")
    (beside,) = report()

    (workspace.root / "results" / "results.json").write_text("{}")
    (edited,) = report()

    assert "unknown" not in beside["Details"]
    assert edited["Details"].endswith("changed since: unknown")


def test_results_that_moved_are_no_longer_what_the_resource_holds(workspace: Workspace) -> None:
    """Restoring data does not say either that the results are those of that time."""
    builder = LineageBuilder().with_step_name("both").with_output_path("intermediate-data")
    with builder.as_results_step("results").eval() as step:
        (workspace.root / "intermediate-data" / "a").write_text("a")
        step.write_results({"accuracy": 0.5})
    snapshot(find_workspace(), "V1")
    (workspace.root / "intermediate-data" / "a").write_text("b")

    restore(find_workspace(), "V1")

    assert [row["Resource"] for row in report() if row["Type"] == "Step"] == ["intermediate-data"]
    assert [row["Resource"] for row in report("V1") if row["Type"] == "Step"] == ["intermediate-data", "results"]


def test_many_runs_leave_no_more_than_one(workspace: Workspace) -> None:
    """What a later run made obsolete is forgotten, so that a hundred runs between two snapshots cost no more than one."""
    for _ in range(12):
        clean(workspace)

    assert len([*(workspace.root / ".dataworkspace" / "local" / "lineage").iterdir()]) <= 2


def test_the_results_resource_can_be_named_from_anywhere(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that runs in the code directory says `results`, and means the resource."""
    monkeypatch.chdir(workspace.root / "code")

    with LineageBuilder().with_step_name("train").as_results_step("results").eval() as step:
        written = step.write_results({"accuracy": 0.5})

    assert written == workspace.root / "results" / "results.json"


def test_paths_are_meant_from_where_the_program_stands_by_then(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with LineageBuilder().with_step_name("train").eval() as step:
        monkeypatch.chdir(workspace.root / "intermediate-data")
        step.add_output_path("new.csv")

    assert [str(edge.ref) for edge in step.step.outputs] == ["intermediate-data:new.csv"]


@pytest.mark.parametrize(
    ("status", "state"), [(0, State.COMPLETE), (None, State.COMPLETE), (1, State.FAILED), ("no", State.FAILED)]
)
def test_a_program_that_ends_itself_has_failed_only_if_it_says_so(workspace: Workspace, status: Any, state: State) -> None:
    with pytest.raises(SystemExit), LineageBuilder().with_step_name("x").with_output_ref("results").eval() as step:
        sys.exit(status)

    assert step.step.state is state


def test_whatever_a_type_raises_the_program_goes_on(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is unknown then: bookkeeping never raises into the user's code."""
    with LineageBuilder().with_step_name("x").with_output_ref("intermediate-data").eval() as step:
        with monkeypatch.context() as broken:
            broken.setattr(LocalFiles, "current", lambda self, subpath="": 1 // 0)
            step.add_input_ref("source-data")
            step.complete()
        unknown = step.step

    assert [unknown.inputs[0].version, unknown.outputs[0].version] == [None, None]


def test_trouble_is_recorded_even_where_warnings_are_errors(workspace: Workspace) -> None:
    with LineageBuilder().with_step_name("x").eval() as step, warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning):
            step.add_input_ref("nowhere")

    assert "nowhere" in step.step.problem


def test_metrics_without_a_place_are_told(workspace: Workspace) -> None:
    with LineageBuilder().with_step_name("x").eval() as step, pytest.warns(RuntimeWarning, match="as_results_step"):
        assert step.write_results({"a": 1}) is None


def test_the_version_of_an_output_behind_an_interface_is_given(workspace: Workspace) -> None:
    add(workspace, "api-resource", {}, role=Role.INTERMEDIATE_DATA, name="api")

    with LineageBuilder().with_step_name("upload").eval() as step:
        step.add_output_ref("api", version="2026-02")

    assert step.step.outputs[0].version == "2026-02"


def test_a_strangers_record_with_a_time_that_is_none_is_shown(workspace: Workspace) -> None:
    clean(workspace)
    (path,) = (workspace.root / ".dataworkspace" / "local" / "lineage").iterdir()
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "start": "2026-02-31 or so"}))

    assert report()[0]["Details"] == "clean at 2026-02-31 or so"


def test_a_number_that_has_no_end_is_refused(workspace: Workspace) -> None:
    """JSON allows `1e999`, which no program could write again."""
    clean(workspace)
    (path,) = (workspace.root / ".dataworkspace" / "local" / "lineage").iterdir()
    path.write_text(path.read_text().replace('"parameters": {}', '"parameters": {"a": 1e999}'))

    with pytest.raises(Exception, match="1e999 is not allowed"):
        find_workspace().current_lineage()
