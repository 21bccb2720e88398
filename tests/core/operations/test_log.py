"""`log`: every operation of this clone, with what it did, and whether it still stands."""

from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.config import config
from dws_core.operations.delete_snapshot import delete_snapshot
from dws_core.operations.log import log
from dws_core.operations.redo import redo
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.undo import undo
from dws_core.workspace import Workspace

from .conftest import reopened


def test_it_tells_what_each_operation_did_and_what_still_stands(workspace: Workspace) -> None:
    (workspace.root / "more").mkdir()
    (workspace.root / "code" / "a.txt").write_text("a")
    add(reopened(workspace), "local-files", {"local_path": "more"}, role=Role.SOURCE_DATA, name="more")
    taken = snapshot(reopened(workspace), "V1").snapshot
    assert taken is not None
    (workspace.root / "code" / "a.txt").write_text("b")
    restore(reopened(workspace), "V1", only=["code"])
    config(reopened(workspace), name="results_dir_template", value="kept/{TAG}")
    delete_snapshot(reopened(workspace), "V1")
    undo(reopened(workspace), to=4)
    redo(reopened(workspace))
    undo(reopened(workspace))

    report = log(reopened(workspace))

    (table,) = report.tables
    deleted = f"5 (delete-snapshot V1 ({taken.short}))"
    changed = '4 (config results_dir_template of the workspace: "kept/{TAG}")'
    assert [(row[0], *row[2:]) for row in table.rows] == [
        (1, "add", "more (local-files, source-data)", "done"),
        (2, "snapshot", f"V1 ({taken.short})", "done"),
        (3, "restore", f"to V1 ({taken.short}): code", "done"),
        (4, "config", 'results_dir_template of the workspace: "kept/{TAG}"', "done"),
        (5, "delete-snapshot", f"V1 ({taken.short})", "undone"),
        (6, "undo", f"{deleted}, {changed}", ""),
        (7, "redo", f"{deleted}, {changed}", ""),
        (8, "undo", deleted, ""),
    ]
    assert "`dws undo` takes back 4" in report.closing[1]
    assert "`dws redo` takes back the undo 8" in report.closing[2]


def test_only_the_newest_are_shown_where_that_is_asked_for(workspace: Workspace) -> None:
    for value in ("a", "b", "c"):
        config(reopened(workspace), name="scratch_directory", value=value)

    report = log(reopened(workspace), limit=2)

    assert [row[0] for row in report.tables[0].rows] == [2, 3]
    assert report.closing[0] == "3 operations, the newest 2 shown"


def test_a_new_workspace_has_none(workspace: Workspace) -> None:
    assert log(reopened(workspace)).closing == ("0 operations",)
