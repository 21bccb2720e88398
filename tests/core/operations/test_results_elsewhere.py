"""Results in a resource that no directory of this machine is known for: written, moved and told of through its files."""

import json
from typing import Any

import pytest

from dws_core import LineageBuilder, Role, Workspace, filesystem
from dws_core.builtin.reports.results import ResultsReport, ResultsSettings
from dws_core.model.resource import Resource
from dws_core.operations.snapshot import snapshot
from dws_core.plugin import ResourceType
from tests.core.operations.conftest import reopened


class Elsewhere:
    """A resource at work that says nothing of where its content lies."""

    local_path = None

    def __init__(self, at_work: ResourceType[Any]) -> None:
        self._at_work = at_work

    def __getattr__(self, name: str) -> Any:
        return getattr(self._at_work, name)


@pytest.fixture
def far(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace whose results lie elsewhere; it is the current directory."""
    open_resource = Workspace.open_resource

    def opened(self: Workspace, resource: Resource) -> Any:
        found = open_resource(self, resource)
        return Elsewhere(found) if resource.role is Role.RESULTS else found

    monkeypatch.setattr(Workspace, "open_resource", opened)
    monkeypatch.chdir(workspace.root)
    return workspace


def test_results_are_written_moved_and_told_of(far: Workspace) -> None:
    with LineageBuilder().with_step_name("train").as_results_step("results").eval() as step:
        written = step.write_results({"accuracy": 0.5})
        filesystem("results").pipe_file("plots/a.svg", b"<svg/>")
    before = ResultsReport(ResultsSettings()).build(reopened(far)).facts

    taken = snapshot(reopened(far), "V1")
    after = ResultsReport(ResultsSettings(snapshot="V1")).build(reopened(far)).facts

    files = filesystem("results")
    assert taken.snapshot is not None and taken.snapshot.metrics == {"accuracy": 0.5}
    assert written is None
    assert files.find("") == [f"snapshots/host1-V1/{name}" for name in ("lineage.json", "plots/a.svg", "results.json")]
    assert json.loads(files.cat_file("snapshots/host1-V1/results.json"))["metrics"] == {"accuracy": 0.5}
    assert [each["content"] for each in before["results"]] == [each["content"] for each in after["results"]] != []  # type: ignore[union-attr,index,call-overload]  # what JSON holds has no type


def test_a_destination_that_is_taken_gets_a_number(far: Workspace) -> None:
    files = filesystem("results")
    files.pipe_file("snapshots/host1-V1/somebodys", b"")
    files.pipe_file("results.json", b"{}")

    snapshot(reopened(far), "V1")

    assert files.exists("snapshots/host1-V1-2/results.json")


def test_what_a_step_wrote_is_unknown_once_its_results_file_is_another(far: Workspace) -> None:
    with LineageBuilder().with_step_name("train").as_results_step("results").eval() as step:
        step.write_results({"accuracy": 0.5})
    (known,) = reopened(far).current_lineage().steps
    filesystem("results").pipe_file("results.json", b"{}")
    (changed,) = reopened(far).current_lineage().steps

    assert known.outputs[0].version is not None and changed.outputs[0].version is None
