"""`delete-snapshot`: out of the history, and nothing else."""

import pytest

from dws_core.errors import UnknownNameError
from dws_core.operations.delete_snapshot import delete_snapshot
from dws_core.operations.snapshot import snapshot
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def test_the_snapshot_is_gone_and_its_results_stay(workspace: Workspace) -> None:
    (workspace.root / "results" / "r.txt").write_text("r")
    snapshot(reopened(workspace), "V1")
    snapshot(reopened(workspace), "V2")
    results = contents(workspace.root / "results")

    delete_snapshot(reopened(workspace), "V1")

    assert [each.label for each in reopened(workspace).snapshots()] == ["V2"]
    assert contents(workspace.root / "results") == results


def test_its_tag_can_be_given_again(workspace: Workspace) -> None:
    snapshot(reopened(workspace), "V1")
    delete_snapshot(reopened(workspace), "V1")

    taken = snapshot(reopened(workspace), "V1")

    assert taken.snapshot is not None
    assert reopened(workspace).find_snapshot("V1").id == taken.snapshot.id


def test_a_snapshot_is_deleted_once(workspace: Workspace) -> None:
    snapshot(reopened(workspace), "V1")
    delete_snapshot(reopened(workspace), "V1")

    with pytest.raises(UnknownNameError, match="V1"):
        delete_snapshot(reopened(workspace), "V1")
