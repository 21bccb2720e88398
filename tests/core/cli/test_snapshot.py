"""Tests of `dws snapshot` as it is typed."""

from pathlib import Path

from .conftest import Dws


def test_it_says_what_was_taken_and_where_results_went(dws: Dws, workspace: Path) -> None:
    """The tag, the short hash and the directory of the results."""
    (workspace / "results" / "results.json").write_text("{}")

    ended = dws("snapshot", "-m", "first run", "SVC-1")

    first, second = ended.out.splitlines()
    assert first.startswith("Took snapshot SVC-1 (")
    assert second == "The files of results moved to results:/snapshots/lab-SVC-1"
    assert (workspace / "results" / "snapshots" / "lab-SVC-1" / "results.json").is_file()
    assert (workspace / "results" / "snapshots" / "lab-SVC-1" / "lineage.json").is_file()


def test_nothing_new_is_no_snapshot_and_no_error(dws: Dws, workspace: Path) -> None:
    """With nothing changed it says so and exits 0; a message makes one all the same."""
    dws("snapshot", "A")

    again, messaged = dws("snapshot"), dws("snapshot", "-m", "a note")

    assert again.status == 0
    assert again.out.startswith("Nothing has changed since the last snapshot")
    assert messaged.out.startswith("Took snapshot (")


def test_verbose_names_the_version_of_every_resource(dws: Dws, workspace: Path) -> None:
    """`--verbose` says more."""
    ended = dws("--verbose", "snapshot", "A")

    assert [line.split(":")[0] for line in ended.out.splitlines()[1:]] == ["digits", "code", "results"]


def test_a_resource_that_is_gone_may_be_left(dws: Dws, workspace: Path) -> None:
    """Without the directory it stops with the next step; `--leave` carries the last version over."""
    dws("snapshot", "A")
    (workspace / "digits" / "data.csv").unlink()
    (workspace / "digits").rmdir()

    refused, taken = dws("snapshot", "B"), dws("--json", "snapshot", "--leave", "digits", "B")

    assert refused.status == 1
    assert "digits" in refused.err
    assert len(taken.document["snapshot"]["carried"]) == 1
