"""`config`: what is shared is recorded, what is this clone's stays here."""

from pathlib import Path

import pytest

from dws_core.errors import (
    DwsError,
    InvalidSettingError,
    PathMissingError,
    PathOverlapError,
    PathRefusedError,
    PlaceUnknownError,
    UnknownNameError,
)
from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.config import config
from dws_core.operations.snapshot import snapshot
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def values(workspace: Workspace, resource: str | None = None) -> dict[str, object]:
    (table,) = config(reopened(workspace), resource=resource).tables
    return {str(row[0]): row[1] for row in table.rows}


def test_the_latest_value_of_a_shared_setting_holds(workspace: Workspace) -> None:
    config(reopened(workspace), name="results_dir_template", value="a/{TAG}")
    config(reopened(workspace), name="results-dir-template", value="b/{TAG}")

    assert values(workspace)["results_dir_template"] == "b/{TAG}"
    assert len(list((workspace.root / ".dataworkspace" / "settings").iterdir())) == 2


def test_a_setting_of_this_clone_is_in_no_shared_file(workspace: Workspace) -> None:
    before = contents(workspace.root)

    config(reopened(workspace), name="hostname", value="other")

    assert values(workspace)["hostname"] == "other"
    assert contents(workspace.root) == before


def test_names_that_stay_are_a_list(workspace: Workspace) -> None:
    (workspace.root / "results" / "keep.txt").write_text("keep")
    (workspace.root / "results" / "go.txt").write_text("go")
    config(reopened(workspace), name="results_exclude", value="keep.txt, README.md")

    snapshot(reopened(workspace), "V1")

    assert (workspace.root / "results" / "keep.txt").exists()
    assert (workspace.root / "results" / "snapshots" / "host1-V1" / "go.txt").exists()


def test_the_version_of_a_resource_without_files_is_given_here(workspace: Workspace) -> None:
    add(workspace, "api-resource", {"version": "1"}, role=Role.SOURCE_DATA, name="api")

    config(reopened(workspace), resource="api", name="version", value="2")

    assert values(workspace, "api")["version"] == "2"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [("hostname", "../x", DwsError), ("nope", "1", UnknownNameError), ("results_dir_template", "", InvalidSettingError)],
)
def test_a_wrong_name_or_value_changes_nothing(workspace: Workspace, name: str, value: str, error: type[Exception]) -> None:
    before = contents(workspace.root), values(workspace)

    with pytest.raises(error):
        config(reopened(workspace), name=name, value=value)

    assert (contents(workspace.root), values(workspace)) == before


def test_a_resource_there_is_not_is_answered_with_those_there_are(workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError) as caught:
        config(reopened(workspace), resource="nope")

    assert "code" in (caught.value.hint or "")


def test_a_place_outside_is_said_anew_in_a_clone_that_does_not_know_it(workspace: Workspace, tmp_path: Path) -> None:
    """The record says nothing of it: each clone has its own."""
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    resource = add(workspace, "local-files", {"local_path": "../here"}, role=Role.SOURCE_DATA, allow_outside=True).resource
    workspace.layout.settings.unlink()
    with pytest.raises(PlaceUnknownError, match="here"):
        reopened(workspace).open_resource(resource)

    config(reopened(workspace), resource="here", name="local_path", value="../there")

    assert reopened(workspace).open_resource(resource).local_path == tmp_path / "there"


@pytest.mark.parametrize(("path", "error"), [(".", PathRefusedError), ("code", PathOverlapError), ("nowhere", PathMissingError)])
def test_a_place_that_cannot_be_is_refused_as_it_is_by_add(workspace: Workspace, path: str, error: type[DwsError]) -> None:
    with pytest.raises(error):
        config(reopened(workspace), resource="source-data", name="local_path", value=path)

    assert values(workspace, "source-data")["local_path"] == "source-data"
