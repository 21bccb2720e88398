"""`add`: every check comes before any change."""

import os
from pathlib import Path

import pytest

from dws_core.errors import (
    InvalidNameError,
    NameTakenError,
    PathMissingError,
    PathOutsideError,
    PathOverlapError,
    PathRefusedError,
    UnknownNameError,
)
from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def test_a_directory_outside_is_this_clones_own_setting(workspace: Workspace, tmp_path: Path) -> None:
    """No absolute path ever reaches a file that is shared."""
    (tmp_path / "outside").mkdir()

    resource = add(workspace, "local-files", {"local_path": "../outside"}, role=Role.SOURCE_DATA, allow_outside=True).resource

    assert reopened(workspace).parameters(resource)["local_path"] == str(tmp_path / "outside")
    assert not any(
        str(tmp_path).encode() in content for content in contents(workspace.root).values() if isinstance(content, bytes)
    )


def test_a_directory_inside_is_shared_as_a_relative_path(workspace: Workspace) -> None:
    (workspace.root / "my data").mkdir()

    resource = add(workspace, "local-files", {"local_path": "my data"}, role=Role.SOURCE_DATA).resource

    assert resource.name == "my-data"
    assert resource.settings["local_path"] == "my data"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("nowhere", PathMissingError),
        (".", PathRefusedError),
        ("..", PathRefusedError),
        ("code", PathOverlapError),
        ("code/inner", PathOverlapError),
        (".dataworkspace/snapshots", PathRefusedError),
        ("../outside", PathOutsideError),
        ("link-outside", PathOutsideError),
    ],
)
def test_a_path_that_cannot_be_a_resource_changes_nothing(
    workspace: Workspace, tmp_path: Path, path: str, error: type[Exception]
) -> None:
    """Missing, the workspace itself, above it, another resource, within one, ours, outside, outside through a link."""
    (tmp_path / "outside").mkdir()
    (workspace.root / "code" / "inner").mkdir()
    (workspace.root / ".dataworkspace" / "snapshots").mkdir()
    (workspace.root / "link-outside").symlink_to(tmp_path / "outside")
    before = contents(workspace.root)

    with pytest.raises(error):
        add(workspace, "local-files", {"local_path": path}, role=Role.SOURCE_DATA, allow_outside=path == "..")

    assert contents(workspace.root) == before


def test_a_directory_that_holds_a_resource_is_refused(workspace: Workspace) -> None:
    (workspace.root / "outer" / "inner").mkdir(parents=True)
    add(workspace, "local-files", {"local_path": "outer/inner"}, role=Role.SOURCE_DATA)

    with pytest.raises(PathOverlapError, match="inner"):
        add(workspace, "local-files", {"local_path": "outer"}, role=Role.SOURCE_DATA)


def test_a_name_that_differs_in_case_alone_is_taken(workspace: Workspace) -> None:
    (workspace.root / "other").mkdir()

    with pytest.raises(NameTakenError, match="CODE"):
        add(workspace, "local-files", {"local_path": "other"}, role=Role.CODE, name="CODE")


@pytest.mark.parametrize("name", ["../x", "-rf", "a b", "a/b", "", "x" * 65])
def test_a_name_out_of_the_rule_is_refused(workspace: Workspace, name: str) -> None:
    (workspace.root / "other").mkdir()

    with pytest.raises((InvalidNameError, NameTakenError)):
        add(workspace, "local-files", {"local_path": "other"}, role=Role.CODE, name=name or " ")


def test_an_unknown_type_is_answered_with_those_there_are(workspace: Workspace) -> None:
    with pytest.raises(UnknownNameError) as caught:
        add(workspace, "floppy", {}, role=Role.CODE)

    assert "local-files" in (caught.value.hint or "")


def test_a_path_that_is_no_text_is_refused(workspace: Workspace) -> None:
    """A directory's name that is not UTF-8 cannot stand in a record."""
    name = os.fsdecode(b"caf\xe9")
    (workspace.root / name).mkdir()

    with pytest.raises(PathRefusedError, match="UTF-8"):
        add(workspace, "local-files", {"local_path": name}, role=Role.CODE)
