"""`init`: a workspace, or nothing at all."""

from pathlib import Path

import pytest

from dws_core.errors import DwsError, NestedWorkspaceError, PathRefusedError, UnknownNameError, WorkspaceExistsError
from dws_core.model.role import Role
from dws_core.operations.init import init
from dws_core.registry import Registry
from dws_core.workspace import Caller, Workspace

from .conftest import Listener


def test_a_resource_is_made_for_each_role_asked_for(workspace: Workspace) -> None:
    assert [(each.name, each.role, each.type) for each in workspace.resources] == [
        (role.value, role, "local-files") for role in Role
    ]
    assert all((workspace.root / role.value).is_dir() for role in Role)


def test_a_second_workspace_in_the_same_place_is_refused(workspace: Workspace, registry: Registry, caller: Caller) -> None:
    with pytest.raises(WorkspaceExistsError):
        init(workspace.root, registry, caller, Listener(), backend="plain")


def test_a_workspace_inside_a_workspace_is_refused(workspace: Workspace, registry: Registry, caller: Caller) -> None:
    with pytest.raises(NestedWorkspaceError, match="inside the workspace"):
        init(workspace.root / "code", registry, caller, Listener(), backend="plain")

    assert list((workspace.root / "code").iterdir()) == []


@pytest.mark.parametrize("backend", ["nonsense", "../plain"])
def test_an_unknown_backend_is_answered_with_those_there_are(registry: Registry, caller: Caller, backend: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        init(caller.cwd, registry, caller, Listener(), backend=backend)

    assert "plain" in (caught.value.hint or "")
    assert list(caller.cwd.iterdir()) == []


def test_a_failure_leaves_nothing_behind(registry: Registry, caller: Caller) -> None:
    """A file where the third directory should be: nothing of the first two stays, and the file is as it was."""
    (caller.cwd / "results").write_text("mine")

    with pytest.raises(PathRefusedError, match="results"):
        init(caller.cwd, registry, caller, Listener(), backend="plain", roles=[Role.CODE, Role.SOURCE_DATA, Role.RESULTS])

    assert [(path.name, path.read_text()) for path in caller.cwd.iterdir()] == [("results", "mine")]


def test_a_directory_with_content_keeps_it(registry: Registry, caller: Caller) -> None:
    (caller.cwd / "code").mkdir()
    (caller.cwd / "code" / "a.py").write_text("a")

    init(caller.cwd, registry, caller, Listener(), backend="plain", roles=[Role.CODE])

    assert (caller.cwd / "code" / "a.py").read_text() == "a"


def test_an_unusable_hostname_is_refused_before_anything_is_made(registry: Registry, caller: Caller) -> None:
    with pytest.raises(DwsError, match="host"):
        init(caller.cwd, registry, caller, Listener(), backend="plain", own={"hostname": "../evil"})

    assert list(caller.cwd.iterdir()) == []


def test_an_init_that_was_killed_can_be_done_again(registry: Registry, caller: Caller, tmp_path: Path) -> None:
    """The journal tells that nothing but the files of `init` itself is there."""
    made = init(caller.cwd, registry, caller, Listener(), backend="plain")
    made.layout.journal.write_text('{"verb": "init"}')

    again = init(caller.cwd, registry, caller, Listener(), backend="plain", roles=[Role.CODE])

    assert [resource.name for resource in again.resources] == ["code"]
