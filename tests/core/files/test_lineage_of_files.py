"""What a step reads and writes through the filesystem is what it read and wrote."""

import os
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dws_core import LineageBuilder, Role, RunningStep, Workspace, filesystem, find_workspace
from dws_core.errors import InconsistentStepError
from dws_core.files import DwsFileSystem
from dws_core.lineage.observed import MANY
from dws_core.model.step import Known, Step
from dws_core.operations.init import init
from dws_core.operations.snapshot import snapshot
from dws_core.plugin.directory_files import DirectoryFiles
from dws_core.registry import Registry
from dws_core.testing.context import Silence
from dws_core.workspace import Caller


def begin(name: str = "step") -> LineageBuilder:
    return LineageBuilder().with_step_name(name)


def edges(step: RunningStep | Step, which: str) -> dict[str, str | None]:
    """What it read or wrote, with the version."""
    found = step.step if isinstance(step, RunningStep) else step
    return {str(edge.ref): edge.version for edge in getattr(found, which)}


def current(name: str, path: str = "") -> str:
    workspace = find_workspace()
    found: str = workspace.open_resource(workspace.resource(name)).current(path).id
    return found


def test_what_is_read_and_written_is_recorded_with_its_version(files: DwsFileSystem) -> None:
    with begin().eval() as step:
        content = files.cat_file("raw.csv")
        with filesystem("intermediate-data").open("clean/a.csv", "wb") as file:
            file.write(content)

    (kept,) = find_workspace().steps.read().steps
    assert edges(kept, "inputs") == {"source-data:raw.csv": current("source-data", "raw.csv")}
    assert edges(kept, "outputs") == {"intermediate-data:clean/a.csv": current("intermediate-data", "clean/a.csv")}
    assert {edge.known for edge in (*kept.inputs, *kept.outputs)} == {Known.OBSERVED}
    assert kept == step.step and kept.problem == ""


def test_what_is_read_outside_of_a_step_is_nobodys(files: DwsFileSystem) -> None:
    with begin().eval() as step:
        pass
    files.cat_file("raw.csv")

    assert edges(step, "inputs") == {}


def test_an_input_has_the_version_that_was_read(files: DwsFileSystem) -> None:
    """What happens to it afterwards, by the step itself too, changes nothing."""
    before = current("source-data", "raw.csv")

    with begin().eval() as step:
        files.cat_file("raw.csv")
        files.pipe_file("raw.csv", b"written by the step")
        files.cat_file("raw.csv")

    assert edges(step, "inputs") == {"source-data:raw.csv": before}
    assert edges(step, "outputs") == {"source-data:raw.csv": current("source-data", "raw.csv")}


def test_what_a_step_wrote_itself_is_no_input(files: DwsFileSystem) -> None:
    with begin().eval() as step:
        files.pipe_file("scratch/new", b"1")
        files.cat_file("scratch/new")
        files.mv("scratch/new", "kept")

    assert edges(step, "inputs") == {}
    assert edges(step, "outputs") == {"source-data:kept": current("source-data", "kept")}


def test_a_snapshot_is_read_at_the_version_it_has_there(workspace: Workspace, files: DwsFileSystem) -> None:
    then = current("source-data", "raw.csv")
    snapshot(workspace, "V1")
    files.pipe_file("raw.csv", b"another")

    with begin().eval() as step:
        filesystem("source-data", "V1").cat_file("raw.csv")

    assert edges(step, "inputs") == {"source-data:raw.csv": then}
    assert then != current("source-data", "raw.csv")


def test_reading_two_versions_of_one_file_is_inconsistent(workspace: Workspace, files: DwsFileSystem) -> None:
    """The rule holds for what is observed as well: the step goes on, and a snapshot refuses it by name."""
    snapshot(workspace, "V1")
    files.pipe_file("raw.csv", b"another")

    with pytest.warns(RuntimeWarning, match="2 versions of source-data:raw.csv"), begin("compare").eval():
        assert files.cat_file("raw.csv") != filesystem("source-data", "V1").cat_file("raw.csv")
        filesystem("intermediate-data").pipe_file("differences", b"all")

    with pytest.raises(InconsistentStepError, match="compare"):
        snapshot(find_workspace(), "V2")


def test_a_step_that_reads_what_another_wrote_comes_from_it(files: DwsFileSystem) -> None:
    with begin("first").eval() as first:
        filesystem("intermediate-data").pipe_file("a/clean.csv", files.cat_file("raw.csv"))
    with begin("second").eval() as second:
        filesystem("results").pipe_file("out", filesystem("intermediate-data").cat_file("a/clean.csv"))

    graph = find_workspace().current_lineage()
    assert [each.id for each in graph.origins(second.step)] == [first.step.id]


def test_what_is_declared_already_is_not_said_again(files: DwsFileSystem) -> None:
    builder = begin().with_input_ref("source-data").with_output_ref("intermediate-data")

    with builder.eval() as step:
        files.cat_file("raw.csv")
        filesystem("intermediate-data").pipe_file("a", b"")

    assert set(edges(step, "inputs")) == {"source-data"} and set(edges(step, "outputs")) == {"intermediate-data"}


def test_many_files_are_their_directory_and_cost_little(files: DwsFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand files are no ten thousand edges, hashes or records of the step."""
    for number in range(10_000):
        place = Path(f"source-data/many/{number}")
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"1")
    asked: list[str] = []
    written: list[int] = []
    identify, write = DirectoryFiles.version, type(find_workspace().steps).write

    def version(self: DirectoryFiles, path: str = "") -> str | None:
        asked.append(path)
        return identify(self, path)

    def keep(self: Any, step: Step) -> None:
        written.append(len(step.inputs))
        write(self, step)

    monkeypatch.setattr(DirectoryFiles, "version", version)
    monkeypatch.setattr("dws_core.workspace.steps.StepLog.write", keep)

    with begin().eval() as step:
        for path in files.find("many"):
            files.cat_file(path)

    assert edges(step, "inputs") == {"source-data:many": current("source-data", "many")}
    assert len(asked) == MANY + 1 and len(written) < 30


def test_nested_steps_each_record_their_own(files: DwsFileSystem) -> None:
    with begin("outer").eval() as outer:
        files.cat_file("raw.csv")
        with begin("inner").eval() as inner:
            files.cat_file("deep/er.csv")
        filesystem("intermediate-data").pipe_file("a", b"")

    assert edges(outer, "inputs").keys() == {"source-data:raw.csv"} and edges(outer, "outputs").keys() == {"intermediate-data:a"}
    assert edges(inner, "inputs").keys() == {"source-data:deep/er.csv"} and edges(inner, "outputs") == {}


def test_threads_of_a_step_read_for_it(files: DwsFileSystem) -> None:
    for number in range(50):
        files.pipe_file(f"parts/{number}", b"1")

    with begin().eval() as step, ThreadPoolExecutor(8) as threads:
        assert [*threads.map(files.cat_file, files.find("parts"))] == [b"1"] * 50

    assert edges(step, "inputs").keys() == {f"source-data:parts/{number}" for number in range(50)}


def test_steps_in_threads_of_their_own_are_kept_apart(files: DwsFileSystem) -> None:
    steps: dict[str, RunningStep] = {}
    both_run = threading.Barrier(2)

    def work(path: str) -> None:
        with begin(path.replace("/", "-")).eval() as step:
            steps[path] = step
            both_run.wait()
            files.cat_file(path)
            both_run.wait()

    threads = [threading.Thread(target=work, args=(path,)) for path in ("raw.csv", "deep/er.csv")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {path: [*edges(step, "inputs")] for path, step in steps.items()} == {
        path: [f"source-data:{path}"] for path in ("raw.csv", "deep/er.csv")
    }


def test_what_a_failed_step_wrote_is_unknown(files: DwsFileSystem) -> None:
    with pytest.raises(ZeroDivisionError), begin().eval() as step:
        files.cat_file("raw.csv")
        files.pipe_file("new", b"1")
        raise ZeroDivisionError

    assert edges(step, "outputs") == {"source-data:new": None} and edges(step, "inputs").keys() == {"source-data:raw.csv"}


def test_another_workspace_is_none_of_its_business(files: DwsFileSystem, tmp_path: Path) -> None:
    """Names of resources mean something in their own workspace alone."""
    other = tmp_path / "other"
    (other / "source-data").mkdir(parents=True)
    (other / "source-data" / "theirs.csv").write_text("2")
    caller = replace(Caller.of_process(), cwd=other)
    init(other, Registry.discover(os.environ, none=True), caller, Silence(), backend="plain", roles=[Role.SOURCE_DATA])

    with begin().eval() as step:
        filesystem("source-data", workspace_dir=other).cat_file("theirs.csv")
        files.cat_file("raw.csv")

    assert edges(step, "inputs").keys() == {"source-data:raw.csv"}


def test_observing_never_stops_the_program(files: DwsFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a type raises when it is asked for a version, the file is read, and the step is marked."""

    def fail(self: DirectoryFiles, path: str = "") -> str:
        raise KeyError("a plugin's mistake")

    monkeypatch.setattr(DirectoryFiles, "version", fail)

    with warnings.catch_warnings(record=True) as told, begin().eval() as step:
        warnings.simplefilter("always")
        assert files.cat_file("raw.csv") == b"1\n"

    assert "a plugin's mistake" in step.step.problem and any(issubclass(each.category, RuntimeWarning) for each in told)
