"""`restore`: everything back, or nothing touched."""

import shutil

import pytest

from dws_core.errors import NotRestorableError, UnknownNameError
from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def two_snapshots(workspace: Workspace) -> None:
    (workspace.root / "code" / "a.bin").write_bytes(b"\0one")
    (workspace.root / "code" / "gone.txt").write_text("gone")
    (workspace.root / "source-data" / "d.csv").write_text("1")
    (workspace.root / "results" / "r.txt").write_text("first")
    snapshot(reopened(workspace), "V1")
    (workspace.root / "code" / "a.bin").write_bytes(b"\0two")
    (workspace.root / "code" / "gone.txt").unlink()
    (workspace.root / "code" / "new.txt").write_text("new")
    (workspace.root / "results" / "r.txt").write_text("second")
    snapshot(reopened(workspace), "V2")


def test_code_and_data_come_back_and_results_stay(workspace: Workspace) -> None:
    two_snapshots(workspace)
    results = contents(workspace.root / "results")

    restored = restore(reopened(workspace), "V1")

    assert contents(workspace.root / "code") == {"a.bin": b"\0one", "gone.txt": b"gone"}
    assert contents(workspace.root / "results") == results
    assert restored.remarks == ("results: left as it is (results always stay)",)


def test_a_dry_run_tells_what_would_be_done_and_does_nothing(workspace: Workspace) -> None:
    two_snapshots(workspace)
    before = contents(workspace.root)

    planned = restore(reopened(workspace), "V1", dry_run=True)

    assert contents(workspace.root) == before
    changes = planned.plans["code"].changes
    assert (changes.added, changes.removed, changes.changed) == (("gone.txt",), ("new.txt",), ("a.bin",))
    assert not planned.done


def test_only_the_resources_named_are_restored(workspace: Workspace) -> None:
    two_snapshots(workspace)
    (workspace.root / "source-data" / "d.csv").write_text("2")

    restore(reopened(workspace), "V1", only=["source-data"])

    assert (workspace.root / "source-data" / "d.csv").read_text() == "1"
    assert (workspace.root / "code" / "new.txt").exists()


def test_the_resources_left_are_not_touched(workspace: Workspace) -> None:
    two_snapshots(workspace)

    restore(reopened(workspace), "V1", leave=["code"])

    assert (workspace.root / "code" / "new.txt").exists()


def test_a_resource_added_later_stays_unless_strict(workspace: Workspace) -> None:
    """Without `strict` a line says so; with it nothing is touched at all."""
    two_snapshots(workspace)
    from_before = contents(workspace.root)
    first = reopened(workspace).find_snapshot("V1")
    record = workspace.root / ".dataworkspace" / "snapshots" / f"{first.id}.json"
    assert record.is_file()

    with pytest.raises(UnknownNameError):
        restore(reopened(workspace), "V3", strict=True)

    assert contents(workspace.root) == from_before


def test_a_restore_to_where_one_is_changes_nothing(workspace: Workspace) -> None:
    two_snapshots(workspace)
    before, log = contents(workspace.root), reopened(workspace).undo_entries()

    restore(reopened(workspace), "V2")

    assert contents(workspace.root) == before
    assert reopened(workspace).undo_entries() == log


def test_a_type_that_cannot_restore_is_an_error_when_strict(workspace: Workspace) -> None:
    add(workspace, "api-resource", {"version": "7"}, role=Role.SOURCE_DATA, name="api")
    snapshot(reopened(workspace), "V1")

    assert "api: left as it is (its type cannot bring content back)" in restore(reopened(workspace), "V1").remarks
    with pytest.raises(NotRestorableError, match="api"):
        restore(reopened(workspace), "V1", strict=True)


def test_a_directory_that_was_deleted_comes_back(workspace: Workspace) -> None:
    two_snapshots(workspace)
    shutil.rmtree(workspace.root / "code")

    restored = restore(reopened(workspace), "V2")

    assert contents(workspace.root / "code") == {"a.bin": b"\0two", "new.txt": b"new"}
    assert restored.remarks == ("results: left as it is (results always stay)",)
