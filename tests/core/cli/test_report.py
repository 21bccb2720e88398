"""Tests of `dws report` and its built-in reports, as the introduction shows them."""

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Dws

RESULTS: dict[str, Any] = {
    "step": "digits-svc",
    "start_time": "2020-01-14T12:54:00.473892",
    "execution_time_seconds": 0.13,
    "parameters": {"C": 1.0, "class_weight": None, "gamma": 0.001, "kernel": "rbf", "shrinking": True},
    "run_description": None,
    "metrics": {
        "accuracy": 0.9688542825361512,
        "classification_report": {"0.0": {"precision": 1.0, "recall": 0.9886363636363636}, "macro avg": {"support": 899}},
    },
}


def write_results(directory: Path, **changes: object) -> None:
    directory.mkdir(exist_ok=True)
    (directory / "results.json").write_text(json.dumps({**RESULTS, **changes}))


def test_status_lists_the_definitions(dws: Dws, workspace: Path) -> None:
    """Resource, role, type and parameters, and the roles that nothing has."""
    assert dws("report", "status").out == (
        "Status for workspace: quickstart\n"
        "Resources for workspace: quickstart\n"
        "| Resource | Role        | Type        | Parameters         |\n"
        "| digits   | source-data | local-files | local_path=digits  |\n"
        "| code     | code        | local-files | local_path=code    |\n"
        "| results  | results     | local-files | local_path=results |\n"
        "No resources for the following roles: intermediate-data.\n"
    )


def test_results_shows_the_file_that_is_there(dws: Dws, workspace: Path) -> None:
    """Properties, parameters, metrics and each metric that is a table, as in the introduction."""
    write_results(workspace / "results")

    assert dws("report", "results").out == (
        "Results file at results:/results.json\n"
        "\n"
        "General Properties\n"
        "| Key                    | Value                      |\n"
        "| step                   | digits-svc                 |\n"
        "| start_time             | 2020-01-14T12:54:00.473892 |\n"
        "| execution_time_seconds | 0.13                       |\n"
        "| run_description        | None                       |\n"
        "\n"
        "| Key          | Value |\n"
        "| C            | 1.0   |\n"
        "| class_weight | None  |\n"
        "| gamma        | 0.001 |\n"
        "| kernel       | rbf   |\n"
        "| shrinking    | True  |\n"
        "\n"
        "| Key      | Value |\n"
        "| accuracy | 0.969 |\n"
        "\n"
        "Metrics: classification_report\n"
        "| Key       | Value                                      |\n"
        "| 0.0       | precision: 1.0, recall: 0.9886363636363636 |\n"
        "| macro avg | support: 899                               |\n"
    )


def test_results_without_a_current_file_shows_the_newest_snapshots(dws: Dws, workspace: Path) -> None:
    """After the move to `snapshots/` the report still has something to show; `--snapshot` chooses another."""
    write_results(workspace / "results", step="first")
    dws("snapshot", "A")
    write_results(workspace / "results", step="second")
    dws("snapshot", "B")

    newest, chosen = dws("report", "results"), dws("report", "results", "--snapshot", "A")

    assert newest.out.startswith("Results file at results:/snapshots/lab-B/results.json\n")
    assert ["step", "second"] in newest.rows
    assert chosen.out.startswith("Results file at results:/snapshots/lab-A/results.json\n")
    assert ["step", "first"] in chosen.rows


def test_results_of_a_snapshot_are_those_that_were_recorded(dws: Dws, workspace: Path) -> None:
    """What was edited or removed after the snapshot does not change what the snapshot says."""
    write_results(workspace / "results", step="first")
    dws("snapshot", "A")
    (workspace / "results" / "snapshots" / "lab-A" / "results.json").unlink()

    assert ["step", "first"] in dws("report", "results", "--snapshot", "A").rows


def test_results_of_several_resources_and_steps_are_all_shown(dws: Dws, workspace: Path) -> None:
    """Each file has a heading of its own; a file of somebody else is named, and hides nothing."""
    for name in ("train", "test", "notes"):
        (workspace / "results" / name).mkdir()
    write_results(workspace / "results" / "train", step="train")
    write_results(workspace / "results" / "test", step="test")
    (workspace / "results" / "notes" / "results.json").write_text("not\njson")
    (workspace / "more").mkdir()
    dws("add", "local-files", "--role", "results", "more")
    write_results(workspace / "more", step="more")

    ended = dws("report", "results")

    for place in ("results:/train", "results:/test", "more:"):
        assert f"Results file at {place}/results.json: General Properties" in ended.out
    assert ended.out.splitlines()[-1].startswith("results:/notes/results.json cannot be read: ")
    files = dws("--json", "report", "results").document["results"]
    assert [each["content"]["step"] for each in files] == ["test", "train", "more"]
    assert files[0]["content"]["metrics"] == RESULTS["metrics"]


def test_results_without_any_say_how_there_will_be_some(dws: Dws, workspace: Path) -> None:
    """An empty report is no error."""
    dws("snapshot", "A")

    assert dws("report", "results").out.startswith("There are no results yet")
    assert dws("report", "results", "--snapshot", "A").out == "Snapshot A holds no results.\n"


def test_history_has_a_row_a_snapshot(dws: Dws, workspace: Path) -> None:
    """Hash, tags, time, the commonest metrics and the message; a table among the metrics is cut short."""
    write_results(workspace / "results")
    dws("snapshot", "-m", "first run with SVC", "SVC-1")
    dws("snapshot", "-m", "without results")

    ended = dws("report", "history")

    header, first, second = ended.rows
    assert ended.out.splitlines()[0] == "History of snapshots"
    assert header == ["Hash", "Tags", "Created", "accuracy", "classification_report", "Message"]
    assert first[1] == "SVC-1"
    assert first[3:] == ["0.969", "{'0.0': {'precision': 1..", "first run with SVC"]
    assert len(first[0]) == 7
    assert len(first[2]) == len("2020-01-14T13:00:39")
    assert second[1:2] + second[3:] == ["", "", "", "without results"]
    assert ended.out.splitlines()[-1] == "2 snapshots total"


def test_history_chooses_the_two_metrics_that_most_snapshots_have(dws: Dws, workspace: Path) -> None:
    """A metric of one experiment does not push out those of all."""
    for tag, metrics in (("A", {"loss": 1, "f1": 2, "zeta": 0}), ("B", {"loss": 3, "f1": 4}), ("C", {"alpha": 5})):
        write_results(workspace / "results", metrics=metrics)
        assert dws("snapshot", tag).status == 0

    assert dws("report", "history").rows[0] == ["Hash", "Tags", "Created", "f1", "loss", "Message"]


def test_history_gives_programs_everything(dws: Dws, workspace: Path) -> None:
    """Whole hashes, exact metrics, UTC times to the microsecond."""
    write_results(workspace / "results")
    dws("snapshot", "SVC-1")

    (snapshot,) = dws("--json", "report", "history").document["snapshots"]

    assert len(snapshot["id"]) == 64
    assert snapshot["metrics"] == RESULTS["metrics"]
    assert snapshot["time"].endswith("Z")


def test_history_may_be_limited_to_the_newest(dws: Dws, workspace: Path) -> None:
    """`--limit 1` shows the last one, and still tells how many there are."""
    for tag in ("A", "B", "C"):
        dws("snapshot", tag)

    ended = dws("report", "history", "--limit", "1")

    assert [row[1] for row in ended.rows[1:]] == ["C"]
    assert ended.out.splitlines()[-1] == "3 snapshots total, the newest 1 shown"


@pytest.mark.parametrize("name", ["status", "results", "history"])
@pytest.mark.parametrize("format_", ["text", "json", "csv", "markdown"])
def test_every_report_has_every_format(dws: Dws, workspace: Path, name: str, format_: str) -> None:
    """`--format` works alike everywhere."""
    write_results(workspace / "results")

    ended = dws("report", name, "--format", format_)

    assert ended.status == 0
    assert ended.err == ""
    assert ended.out.endswith("\n")


def test_a_resource_of_a_missing_type_is_still_shown(dws: Dws, workspace: Path) -> None:
    """Without its plugin a resource is opaque: reports show what its record says."""
    write_results(workspace / "results")
    dws("snapshot", "A")
    dws("plugins", "disable", "local-files")

    status, results, history = (dws("report", name) for name in ("status", "results", "history"))

    assert ["digits", "source-data", "local-files", "local_path=digits"] in status.rows
    assert "local-files" in results.out
    assert results.status == 0
    assert history.rows[1][1] == "A"
