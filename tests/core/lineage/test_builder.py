"""Recording a step: what is said before it runs, what is known after it, and what goes wrong on the way."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dws_core import LineageBuilder, Role, Workspace, find_workspace
from dws_core.errors import (
    DwsError,
    InconsistentStepError,
    NoNotebookError,
    NotAResultsResourceError,
    NoWorkspaceError,
    OutsideResourcesError,
    OverlappingOutputsError,
    PathMissingError,
    PathRefusedError,
    TwoVersionsError,
    UnknownNameError,
)
from dws_core.model.step import State, Step
from dws_core.operations.add import add
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot


def steps() -> tuple[Step, ...]:
    return find_workspace().steps.read().steps


def clean(workspace: Workspace, content: str = "clean") -> None:
    """A step from the source data to the intermediate data."""
    builder = LineageBuilder().with_step_name("clean").with_input_path("source-data/raw.csv")
    with builder.with_output_path("intermediate-data/clean.csv").eval():
        (workspace.root / "intermediate-data" / "clean.csv").write_text(content)


def train(workspace: Workspace) -> None:
    """A step from the intermediate data to the results."""
    builder = (
        LineageBuilder().with_step_name("train").with_parameters({"rate": 0.5}).with_input_ref("intermediate-data:clean.csv")
    )
    with builder.as_results_step("results", "a first try").eval() as step:
        step.write_results({"accuracy": 0.75})


def test_a_pipeline_is_known_from_its_results_to_its_source(workspace: Workspace) -> None:
    """A snapshot's lineage leads through the intermediate data, each step with the version that it saw."""
    clean(workspace)
    train(workspace)

    taken = snapshot(find_workspace(), "V1").snapshot

    assert taken is not None
    lineage = find_workspace().lineage_of(taken)
    first, second = lineage.steps
    assert lineage.producers(second) == (first,)
    assert first.outputs[0].version == second.inputs[0].version
    beside = workspace.root / "results" / taken.results[workspace.resource("results").id] / "lineage.json"
    assert json.loads(beside.read_text()) == lineage.to_json()
    assert taken.id not in beside.read_text()


def test_the_results_file_has_its_keys_in_order(workspace: Workspace) -> None:
    clean(workspace)

    train(workspace)

    found = json.loads((workspace.root / "results" / "results.json").read_text())
    assert list(found) == ["step", "start_time", "execution_time_seconds", "parameters", "run_description", "metrics"]
    assert (found["step"], found["parameters"], found["run_description"]) == ("train", {"rate": 0.5}, "a first try")
    assert found["metrics"] == {"accuracy": 0.75}


def test_a_step_that_fails_leaves_what_it_wrote_unknown(workspace: Workspace) -> None:
    """The error is the user's own, untouched."""
    builder = LineageBuilder().with_step_name("clean").with_output_ref("intermediate-data")

    with pytest.raises(ZeroDivisionError), builder.eval():
        (workspace.root / "intermediate-data" / "half.csv").write_text("half")
        _ = 1 // 0

    (step,) = steps()
    assert step.state is State.FAILED
    assert [edge.version for edge in step.outputs] == [None]


def test_a_step_that_is_killed_leaves_what_it_wrote_unknown(workspace: Workspace) -> None:
    code = (
        "import os, signal; from dws_core import LineageBuilder\n"
        "with LineageBuilder().with_step_name('clean').with_output_ref('intermediate-data').eval():\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=workspace.root, check=False)

    assert done.returncode == -signal.SIGKILL
    (step,) = steps()
    assert (step.state, step.outputs[0].version) == (State.RUNNING, None)
    assert snapshot(find_workspace(), "V1").snapshot is not None


def test_a_step_bears_the_name_of_its_script_and_knows_its_code(workspace: Workspace) -> None:
    script = workspace.root / "code" / "prepare-data.py"
    script.write_text("from dws_core import LineageBuilder\nwith LineageBuilder().as_script_step().eval(): pass\n")

    subprocess.run([sys.executable, str(script), "--fast"], cwd=workspace.root / "code", check=True)

    (step,) = steps()
    assert step.name == "prepare-data"
    assert step.command_line[1:] == ("--fast",)
    assert [(str(edge.ref), edge.version) for edge in step.code] == [
        ("code", workspace.open_resource(workspace.resource("code")).current().id)
    ]
    assert step.script["name"] == "prepare-data.py"


def test_code_that_is_piped_in_is_an_interactive_step(workspace: Workspace) -> None:
    code = "from dws_core import LineageBuilder\nwith LineageBuilder().with_output_ref('intermediate-data').eval(): pass\n"

    subprocess.run([sys.executable], input=code, text=True, cwd=workspace.root, check=True)

    (step,) = steps()
    assert (step.name, step.code, step.command_line) == ("interactive", (), ())


def test_steps_of_two_programs_at_once_do_not_meet(workspace: Workspace) -> None:
    code = (
        "import sys; from dws_core import LineageBuilder\n"
        "with LineageBuilder().with_step_name(sys.argv[1]).with_output_ref('intermediate-data:' + sys.argv[1]).eval(): pass\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, f"step-{n}"], cwd=workspace.root) for n in range(4)]

    assert [each.wait() for each in running] == [0] * 4
    assert sorted(step.name for step in steps()) == [f"step-{n}" for n in range(4)]


def test_two_versions_of_one_input_are_an_error_before_the_step_runs(workspace: Workspace) -> None:
    """Directly, and through an earlier step, one input was seen in two versions: the error names the step, the ref, the ways."""
    clean(workspace)
    (workspace.root / "source-data" / "raw.csv").write_text("2")
    builder = LineageBuilder().with_step_name("train").with_input_path("source-data/raw.csv")

    with pytest.raises(TwoVersionsError, match=r"'train' depends on 2 versions of source-data:raw\.csv.*clean"):
        builder.with_input_ref("intermediate-data:clean.csv").eval()

    assert [step.name for step in steps()] == ["clean"]


def test_independent_steps_may_not_write_into_each_others_outputs(workspace: Workspace) -> None:
    with LineageBuilder().with_step_name("one").with_output_ref("intermediate-data").eval():
        pass

    with pytest.raises(OverlappingOutputsError, match=r"'two' writes intermediate-data:part.*'one'"):
        LineageBuilder().with_step_name("two").with_output_ref("intermediate-data:part").eval()


def test_a_step_may_be_run_again(workspace: Workspace) -> None:
    """The new run takes the place of the old one; what depended on the old one keeps it."""
    clean(workspace, "first")
    clean(workspace, "second")
    train(workspace)

    current = find_workspace().current_lineage()

    assert [step.name for step in current.steps] == ["clean", "train"]


def test_what_shows_up_while_it_runs_is_a_warning_and_the_snapshot_refuses(workspace: Workspace) -> None:
    """Bookkeeping never raises into the user's code once it runs."""
    with pytest.warns(RuntimeWarning, match="'train' is inconsistent"), LineageBuilder().with_step_name("train").eval() as step:
        step.add_input_path("/etc/hostname")
        step.add_output_ref("intermediate-data")

    with pytest.raises(InconsistentStepError, match="train"):
        snapshot(find_workspace(), "V1")


@pytest.mark.parametrize(
    ("builder", "error"),
    [
        (LineageBuilder().with_input_path("/etc/hostname"), OutsideResourcesError),
        (LineageBuilder().with_input_ref("nope"), UnknownNameError),
        (LineageBuilder().as_results_step("code"), NotAResultsResourceError),
        (LineageBuilder().with_input_path("source-data/missing.csv"), PathMissingError),
        (LineageBuilder().with_input_ref("source-data:../code"), PathRefusedError),
        (LineageBuilder().as_notebook_step(), NoNotebookError),
    ],
    ids=["outside", "unknown", "no results", "missing", "leads out", "no notebook"],
)
def test_what_cannot_be_is_told_before_the_step_runs(
    workspace: Workspace, builder: LineageBuilder, error: type[Exception]
) -> None:
    with pytest.raises(error):
        builder.eval()

    assert steps() == ()


def test_without_a_workspace_there_is_no_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(NoWorkspaceError):
        LineageBuilder().with_step_name("step").eval()


class Awkward:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), {1: {2, 3}}, b"bytes", len, Awkward(), Path("x"), "é\udcff", [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]],
    ids=["nan", "inf", "sets", "bytes", "function", "no-repr", "path", "surrogate", "deep"],
)
def test_any_value_can_be_a_parameter(workspace: Workspace, value: Any) -> None:
    """Failure 10 of the predecessor: what JSON does not know left half a file that blocked everything after."""
    with LineageBuilder().with_step_name("step").with_parameters({"value": value}).as_results_step("results").eval() as step:
        step.write_results({"metric": value})

    json.loads((workspace.root / "results" / "results.json").read_text(), parse_constant=pytest.fail)
    assert snapshot(find_workspace(), "V1").snapshot is not None


def test_a_restore_brings_the_lineage_back_with_the_data(workspace: Workspace) -> None:
    clean(workspace, "first")
    snapshot(find_workspace(), "V1")
    before = find_workspace().current_lineage()
    clean(workspace, "second")
    snapshot(find_workspace(), "V2")

    restore(find_workspace(), "V1")

    assert find_workspace().current_lineage() == before


def test_the_version_of_data_behind_an_interface_is_given_by_the_step(workspace: Workspace) -> None:
    add(workspace, "api-resource", {}, role=Role.SOURCE_DATA, name="api")

    with LineageBuilder().with_step_name("fetch").with_input_ref("api", version="2026-01").eval():
        pass

    taken = snapshot(find_workspace(), "V1").snapshot
    assert taken is not None
    assert steps()[0].inputs[0].version == taken.versions[workspace.resource("api").id].id


def test_a_hostile_lineage_record_is_damaged_not_believed(workspace: Workspace) -> None:
    clean(workspace)
    (path,) = (workspace.root / ".dataworkspace" / "local" / "lineage").iterdir()
    path.write_text(path.read_text().replace('"intermediate-data"', '"../../etc"'))

    with pytest.raises(DwsError, match=path.stem):
        find_workspace().current_lineage()
