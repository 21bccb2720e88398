"""`undo`: every byte that a restore replaced or removed comes back."""

import pytest

from dws_core.errors import NothingToUndoError
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.undo import undo
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def unsaved(workspace: Workspace) -> None:
    """A snapshot, and changes since that no snapshot holds."""
    (workspace.root / "code" / "a.bin").write_bytes(b"\0one")
    (workspace.root / "code" / "gone.txt").write_text("gone")
    snapshot(reopened(workspace), "V1")
    (workspace.root / "code" / "a.bin").write_bytes(b"\0two")
    (workspace.root / "code" / "gone.txt").unlink()
    (workspace.root / "code" / "empty").mkdir()
    (workspace.root / "code" / "precious.txt").write_text("precious")
    (workspace.root / "code" / "link").symlink_to("nowhere")


def test_unsaved_changes_come_back(workspace: Workspace) -> None:
    unsaved(workspace)
    before = contents(workspace.root / "code")
    restore(reopened(workspace), "V1")
    assert contents(workspace.root / "code") == {"a.bin": b"\0one", "gone.txt": b"gone"}

    undone = undo(reopened(workspace))

    assert undone.verb == "restore"
    assert contents(workspace.root / "code") == before
    assert (workspace.root / "code" / "empty").is_dir()


def test_done_again_it_takes_itself_back(workspace: Workspace) -> None:
    unsaved(workspace)
    restore(reopened(workspace), "V1")
    restored = contents(workspace.root / "code")
    undo(reopened(workspace))

    undo(reopened(workspace))

    assert contents(workspace.root / "code") == restored


def test_what_was_changed_after_the_restore_is_kept_too(workspace: Workspace) -> None:
    unsaved(workspace)
    restore(reopened(workspace), "V1")
    (workspace.root / "code" / "later.txt").write_text("later")
    undo(reopened(workspace))
    assert not (workspace.root / "code" / "later.txt").exists()

    undo(reopened(workspace))

    assert (workspace.root / "code" / "later.txt").read_text() == "later"


def test_without_a_restore_there_is_nothing_to_undo(workspace: Workspace) -> None:
    before = contents(workspace.root)

    with pytest.raises(NothingToUndoError):
        undo(reopened(workspace))

    assert contents(workspace.root) == before
