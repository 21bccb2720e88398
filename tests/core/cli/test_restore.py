"""Tests of `dws restore` and `dws delete-snapshot` as they are typed."""

from pathlib import Path

import pytest

from .conftest import Dws, contents


@pytest.fixture
def changed(workspace: Path, dws: Dws) -> Path:
    """A workspace whose data and code have changed since the snapshot A."""
    (workspace / "results" / "results.json").write_text("{}")
    assert dws("snapshot", "A").status == 0
    (workspace / "digits" / "data.csv").write_text("2,1\n")
    (workspace / "digits" / "more.csv").write_text("3\n")
    (workspace / "code" / "run.py").write_text("pass\n")
    return workspace


def test_it_brings_back_data_and_code_and_leaves_results(dws: Dws, changed: Path) -> None:
    """Each resource has a line that says what was done; results say that they stay."""
    ended = dws("restore", "A")

    assert ended.out.splitlines() == [
        "Restored snapshot A",
        "digits: 0 new, 1 replaced, 1 removed (4 bytes)",
        "code: 0 new, 0 replaced, 1 removed (0 bytes)",
        "results: left as it is (results always stay)",
    ]
    assert (changed / "digits" / "data.csv").read_text() == "1,2\n"
    assert not (changed / "code" / "run.py").exists()
    assert (changed / "results" / "snapshots" / "lab-A" / "results.json").is_file()


def test_a_dry_run_shows_the_plan_and_changes_nothing(dws: Dws, changed: Path) -> None:
    """`--dry-run` names counts and sizes; with `--json` every path."""
    before = contents(changed)

    shown, document = dws("restore", "--dry-run", "A"), dws("--json", "restore", "--dry-run", "A").document

    assert shown.rows == [
        ["Resource", "New", "Replaced", "Removed", "Size", "Note"],
        ["digits", "0", "1", "1", "4 bytes", ""],
        ["code", "0", "0", "1", "0 bytes", ""],
    ]
    assert document["done"] is False
    assert document["resources"]["digits"]["removed"] == ["more.csv"]
    assert contents(changed) == before


def test_only_and_leave_choose_resources(dws: Dws, changed: Path) -> None:
    """`--only digits` leaves code as it is, `--leave digits` the data."""
    dws("restore", "--only", "digits", "A")

    assert (changed / "code" / "run.py").exists()
    assert not (changed / "digits" / "more.csv").exists()

    (changed / "digits" / "more.csv").write_text("3\n")
    dws("restore", "--leave", "digits,results", "A")

    assert not (changed / "code" / "run.py").exists()
    assert (changed / "digits" / "more.csv").exists()


def test_a_snapshot_is_found_by_the_beginning_of_its_hash(dws: Dws, changed: Path) -> None:
    """What the history shows as Hash is what restore takes."""
    short = dws("report", "history").rows[1][0]

    assert dws("restore", short).out.startswith("Restored snapshot A")


def test_a_deleted_snapshot_leaves_the_history_and_keeps_its_results(dws: Dws, changed: Path) -> None:
    """`delete-snapshot` hides the record alone, and says where the results stay."""
    ended = dws("delete-snapshot", "A")

    assert ended.out.splitlines() == ["Deleted snapshot A", "Its results stay in results:/snapshots/lab-A"]
    assert dws("report", "history").out.splitlines()[-1] == "0 snapshots total"
    assert dws("restore", "A").status == 1
    assert (changed / "results" / "snapshots" / "lab-A" / "results.json").is_file()
