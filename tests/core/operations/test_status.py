"""`status`: each resource beside the last snapshot."""

import shutil
from pathlib import Path

from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.snapshot import snapshot
from dws_core.operations.status import status
from dws_core.workspace import Workspace

from .conftest import reopened
from .sharing import Shared, again


def states(workspace: Workspace) -> dict[str, tuple[object, ...]]:
    (table,) = status(reopened(workspace)).tables
    return {str(row[0]): row[2:] for row in table.rows}


def test_paths_are_counted_as_added_removed_and_changed(workspace: Workspace) -> None:
    for name in ("kept", "gone", "edited"):
        (workspace.root / "code" / name).write_text("one")
    snapshot(reopened(workspace), "V1")
    (workspace.root / "code" / "gone").unlink()
    (workspace.root / "code" / "edited").write_text("two")
    (workspace.root / "code" / "new").write_text("new")

    assert states(workspace)["code"] == ("changed", 1, 1, 1)
    assert states(workspace)["source-data"] == ("unchanged", 0, 0, 0)


def test_a_directory_that_is_gone_is_missing(workspace: Workspace) -> None:
    shutil.rmtree(workspace.root / "source-data")

    assert states(workspace)["source-data"] == ("missing", None, None, None)


def test_a_version_given_anew_is_a_change(workspace: Workspace) -> None:
    """A resource without files differs by what it was declared to be."""
    api = add(workspace, "api-resource", {"version": "1"}, role=Role.SOURCE_DATA, name="api").resource
    snapshot(reopened(workspace), "V1")
    assert states(workspace)["api"][0] == "unchanged"

    reopened(workspace).open_resource(api).declare("2")

    assert states(workspace)["api"][0] == "changed"


def test_a_repair_that_is_due_is_told_and_left_to_the_next_change(workspace: Workspace) -> None:
    """Reading never repairs, and never needs the lock."""
    workspace.layout.journal.write_text('{"verb": "snapshot", "records": [], "stale": []}')

    (line,) = status(reopened(workspace)).closing

    assert "`dws snapshot` was ended in the middle" in line
    assert workspace.layout.journal.exists()


def test_it_tells_whose_snapshot_it_compares_with_and_what_is_not_pushed(tmp_path: Path) -> None:
    """In a workspace that is shared, the last snapshot may be somebody else's."""
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")

    before = status(again(bob))
    snapshot(again(bob), "MINE")
    after = status(again(bob))

    assert before.title == ("Workspace first: since snapshot V1, which ada took on host1",)
    assert (before.closing, after.title) == ((), ("Workspace first: since snapshot MINE",))
    assert after.closing == ("1 snapshot not pushed yet: `dws push` sends what others lack.",)
    assert status(again(ada)).closing == ()
