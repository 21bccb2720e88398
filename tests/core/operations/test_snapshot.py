"""`snapshot`: the exact version of everything, and the results where they belong."""

import json
from pathlib import Path

import pytest

from dws_core.errors import InvalidNameError, InvalidSettingError, NameTakenError, UnknownNameError
from dws_core.operations.config import config
from dws_core.operations.delete_snapshot import delete_snapshot
from dws_core.operations.snapshot import Taken, snapshot
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def take(workspace: Workspace, tag: str | None = None, message: str = "") -> Taken:
    return snapshot(reopened(workspace), tag, message)


def test_results_move_beside_their_lineage(workspace: Workspace) -> None:
    """Equal names in different directories stay apart, and README files stay where they are."""
    results = workspace.root / "results"
    (results / "a" / "b").mkdir(parents=True)
    (results / "a" / "g.txt").write_text("outer")
    (results / "a" / "b" / "g.txt").write_text("inner")
    (results / "README.md").write_text("read me")

    taken = take(workspace, "V1")

    assert taken.moved == {"results": "snapshots/host1-V1"}
    assert sorted(contents(results)) == [
        "README.md",
        "snapshots/host1-V1/a/b/g.txt",
        "snapshots/host1-V1/a/g.txt",
        "snapshots/host1-V1/lineage.json",
    ]
    assert contents(results)["snapshots/host1-V1/a/b/g.txt"] == b"inner"


def test_nothing_counts_as_changed_right_after_a_snapshot(workspace: Workspace) -> None:
    """The version of the results is that of their tree after the move."""
    (workspace.root / "results" / "r.txt").write_text("r")

    take(workspace, "V1")

    assert take(workspace).snapshot is None


def test_a_tag_or_a_message_makes_a_snapshot_of_what_has_not_changed(workspace: Workspace) -> None:
    take(workspace, "V1")

    assert take(workspace, message="again").snapshot is not None
    assert take(workspace, "V2").snapshot is not None


def test_an_edit_of_equal_size_and_time_is_a_change(workspace: Workspace) -> None:
    """Failure 1 of the predecessor: it compared sizes."""
    path = workspace.root / "code" / "a.py"
    path.write_text("one")
    take(workspace, "V1")
    path.write_text("two")

    assert take(workspace).snapshot is not None


def test_a_tag_is_used_once(workspace: Workspace) -> None:
    take(workspace, "V1")
    before = contents(workspace.root)

    with pytest.raises(NameTakenError, match="v1"):
        take(workspace, "v1")

    assert contents(workspace.root) == before


@pytest.mark.parametrize("tag", ["my_tag", "decade", "20240101", "v1.0-rc.1"])
def test_tags_that_people_give_work(workspace: Workspace, tag: str) -> None:
    """Failure 10 of the predecessor: underscores, and tags that look like a hash."""
    taken = take(workspace, tag)

    assert taken.snapshot is not None
    assert reopened(workspace).find_snapshot(tag).id == taken.snapshot.id


@pytest.mark.parametrize("tag", ["", "a/b", "..", "-m", "with space", "x" * 65])
def test_a_tag_out_of_the_rule_is_refused(workspace: Workspace, tag: str) -> None:
    with pytest.raises(InvalidNameError):
        take(workspace, tag)


def test_untagged_snapshots_have_numbers_that_are_never_used_again(workspace: Workspace) -> None:
    """Failure 8 of the predecessor: a number came back after delete-snapshot."""
    (workspace.root / "results" / "r.txt").write_text("1")
    first = take(workspace)
    assert first.snapshot is not None
    delete_snapshot(reopened(workspace), first.snapshot.short)
    (workspace.root / "results" / "r.txt").write_text("2")

    second = take(workspace)

    assert (first.moved, second.moved) == ({"results": "snapshots/host1-001"}, {"results": "snapshots/host1-002"})


def test_a_destination_that_is_taken_gets_a_number(workspace: Workspace) -> None:
    """Nothing is overwritten: not a folder that a user made there."""
    (workspace.root / "results" / "snapshots" / "host1-V1").mkdir(parents=True)
    (workspace.root / "results" / "r.txt").write_text("1")

    assert take(workspace, "V1").moved == {"results": "snapshots/host1-V1-2"}


def test_a_new_template_leaves_older_results_where_they_are(workspace: Workspace) -> None:
    """Failure 8 of the predecessor: it moved all older snapshots into the new one."""
    (workspace.root / "results" / "r.txt").write_text("1")
    take(workspace, "V1")
    config(reopened(workspace), name="results_dir_template", value="archive/{YEAR}/{TAG}")
    (workspace.root / "results" / "r.txt").write_text("2")

    assert take(workspace, "V2").moved == {"results": "archive/2026/V2"}
    assert (workspace.root / "results" / "snapshots" / "host1-V1" / "r.txt").read_text() == "1"


@pytest.mark.parametrize("template", ["{NOPE}", "../{TAG}", "/abs/{TAG}", "{TAG", "{TAG.__class__}", "{TAG!r}", "a//b"])
def test_a_template_that_makes_no_sense_is_refused_and_nothing_recorded(workspace: Workspace, template: str) -> None:
    (workspace.root / "results" / "r.txt").write_text("1")
    with pytest.raises((InvalidSettingError, ValueError)):
        config(reopened(workspace), name="results_dir_template", value=template)

    assert take(workspace, "V1").moved == {"results": "snapshots/host1-V1"}


def test_metrics_of_the_results_file_are_recorded(workspace: Workspace) -> None:
    """Also where they hold what strict JSON does not know."""
    (workspace.root / "results" / "results.json").write_text('{"metrics": {"accuracy": 0.5, "loss": NaN}}')

    taken = take(workspace, "V1")

    assert taken.snapshot is not None
    assert taken.snapshot.metrics == {"accuracy": 0.5, "loss": "NaN"}


def test_a_resource_that_is_left_keeps_its_last_version(workspace: Workspace) -> None:
    (workspace.root / "code" / "a.py").write_text("one")
    first = take(workspace, "V1").snapshot
    (workspace.root / "code" / "a.py").write_text("two")

    second = snapshot(reopened(workspace), "V2", leave=["code"]).snapshot

    assert first is not None and second is not None
    code = workspace.resource("code").id
    assert second.versions[code] == first.versions[code]
    assert second.carried == (code,)


def test_an_unknown_resource_cannot_be_left(workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError, match="nope"):
        snapshot(reopened(workspace), leave=["nope"])


def test_the_record_names_nothing_of_this_machine(workspace: Workspace, tmp_path: Path) -> None:
    (workspace.root / "results" / "r.txt").write_text("1")
    take(workspace, "V1", "a message")

    (record,) = (workspace.root / ".dataworkspace" / "snapshots").iterdir()

    assert str(tmp_path) not in record.read_text()
    assert json.loads(record.read_text())["message"] == "a message"
