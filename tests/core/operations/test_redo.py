"""`redo`: what was undone is done again, as long as nothing else was done since."""

import pytest

from dws_core.errors import NothingToRedoError
from dws_core.operations.config import config
from dws_core.operations.redo import redo
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.undo import undo
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def two_snapshots(workspace: Workspace) -> None:
    for tag in ("V1", "V2"):
        (workspace.root / "code" / "a.txt").write_text(tag)
        (workspace.root / "results" / "r.txt").write_text(tag)
        snapshot(reopened(workspace), tag)


def test_undos_are_taken_back_one_by_one(workspace: Workspace) -> None:
    two_snapshots(workspace)
    restore(reopened(workspace), "V1")
    after = contents(workspace.root / "results"), contents(workspace.root / "code")
    for _ in range(3):
        undo(reopened(workspace))
    assert [*reopened(workspace).snapshots()] == []

    for _ in range(3):
        redo(reopened(workspace))

    assert (contents(workspace.root / "results"), contents(workspace.root / "code")) == after
    assert [each.label for each in reopened(workspace).snapshots()] == ["V1", "V2"]


def test_what_was_done_again_can_be_undone_again(workspace: Workspace) -> None:
    two_snapshots(workspace)
    undo(reopened(workspace))
    redo(reopened(workspace))

    undo(reopened(workspace))

    assert [each.label for each in reopened(workspace).snapshots()] == ["V1"]


def test_another_operation_ends_it_and_loses_nothing(workspace: Workspace) -> None:
    """What can no longer be done again in one step is still in the log, by its number."""
    two_snapshots(workspace)
    undo(reopened(workspace))
    config(reopened(workspace), name="scratch_directory", value="s")

    with pytest.raises(NothingToRedoError):
        redo(reopened(workspace))

    undo(reopened(workspace), to=3)
    assert [each.label for each in reopened(workspace).snapshots()] == ["V1", "V2"]
    assert reopened(workspace).settings.scratch_directory is None


def test_without_an_undo_there_is_nothing_to_redo(workspace: Workspace) -> None:
    before = contents(workspace.root)

    with pytest.raises(NothingToRedoError):
        redo(reopened(workspace))

    assert contents(workspace.root) == before
