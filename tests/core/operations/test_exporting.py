"""Export: with each snapshot the lineage of a resource is written into it, and nobody's bytes are lost by that."""

import os
import random
from pathlib import Path

import pytest

from dws_core.errors import InvalidSettingError, LineageFileTakenError, UnsupportedFileError
from dws_core.model.passing import Passing
from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.redo import redo
from dws_core.operations.restore import restore
from dws_core.operations.undo import undo
from dws_core.registry import Registry
from dws_core.workspace import Workspace

from .conftest import contents, reopened
from .passing import NAME, add_exported, exported, make_workspace, run_step, states, steps_in, take


@pytest.fixture
def between(workspace: Workspace) -> Path:
    """The directory of an exported resource."""
    (workspace.root / "source-data" / "raw").write_text("raw")
    add_exported(workspace)
    return workspace.root / "between"


def test_a_snapshot_writes_what_the_resource_came_from(workspace: Workspace, between: Path) -> None:
    """Near and far, with the names it takes to understand it anywhere; what has nothing to do with it is left out."""
    run_step(workspace, "first", reads=["source-data:raw"], writes="intermediate-data:a")
    run_step(workspace, "second", reads=["intermediate-data:a"], writes="between:b")
    run_step(workspace, "beside", reads=["source-data:raw"], writes="results")

    taken = take(workspace, "V1")

    document = exported(between)
    assert (document["workspace"], document["name"]) == (workspace.description.id, "workspace")
    assert document["resource"] == "between"
    assert steps_in(document) == ["first", "second"]
    assert document["roles"]["source-data"] == "source-data"
    assert taken.snapshot is not None
    assert taken.snapshot.id not in (between / NAME).read_text()
    assert "The lineage of between is in between:/lineage.json, for other workspaces" in taken.remarks


@pytest.mark.parametrize("writes", ["between:b", "between", None])
def test_nothing_counts_as_changed_right_after_a_snapshot(workspace: Workspace, between: Path, writes: str | None) -> None:
    """Whether a step wrote a part, or all of it, or nobody knows who wrote it."""
    if writes:
        run_step(workspace, "work", reads=["source-data:raw"], writes=writes)

    taken = take(workspace, "V1")

    assert taken.snapshot is not None
    assert states(workspace) == {"unchanged"}
    assert take(workspace).snapshot is None
    again = take(workspace, "V2")
    assert again.snapshot is not None
    assert (again.snapshot.versions, again.snapshot.lineage) == (taken.snapshot.versions, taken.snapshot.lineage)
    assert again.remarks == ()


def test_what_was_read_as_a_whole_before_and_after_a_snapshot_is_one_version(workspace: Workspace, between: Path) -> None:
    """The lineage file is no part of what steps read and write."""
    run_step(workspace, "make", reads=["source-data:raw"], writes="between")
    run_step(workspace, "before", reads=["between"], writes="intermediate-data:a")
    take(workspace, "V1")

    run_step(workspace, "after", reads=["between", "intermediate-data:a"], writes="results")
    take(workspace, "V2")

    (made,) = [step for step in reopened(workspace).current_lineage().steps if step.name == "make"]
    assert made.outputs[0].version is not None
    assert take(workspace).snapshot is None


def test_a_file_that_is_gone_is_written_again(workspace: Workspace, between: Path) -> None:
    take(workspace, "V1")
    written = (between / NAME).read_bytes()
    (between / NAME).unlink()

    take(workspace)

    assert (between / NAME).read_bytes() == written
    assert states(workspace) == {"unchanged"}


def test_a_restore_brings_the_lineage_of_that_version(workspace: Workspace, between: Path) -> None:
    run_step(workspace, "one", reads=["source-data:raw"], writes="between")
    take(workspace, "V1")
    first = (between / NAME).read_bytes()
    run_step(workspace, "two", reads=["source-data:raw"], writes="between", text="other")
    take(workspace, "V2")
    assert steps_in(exported(between)) == ["two"]

    restore(reopened(workspace), "V1")

    assert (between / NAME).read_bytes() == first
    current = reopened(workspace).current_lineage()
    assert [step.name for step in current.steps] == ["one"]
    assert current.steps[0].outputs[0].version is not None
    take(workspace, "V3")
    assert (between / NAME).read_bytes() == first


def test_undo_takes_the_file_back_and_nothing_else(workspace: Workspace, between: Path) -> None:
    """What its owner edited since stays; `redo` brings the file again."""
    run_step(workspace, "one", reads=["source-data:raw"], writes="between:b")
    take(workspace, "V1")
    written = (between / NAME).read_bytes()
    (between / "b").write_text("edited since")

    undo(reopened(workspace))

    assert contents(between) == {"b": b"edited since"}
    redo(reopened(workspace))
    assert contents(between) == {"b": b"edited since", NAME: written}


def test_undo_goes_back_to_the_file_of_before(workspace: Workspace, between: Path) -> None:
    run_step(workspace, "one", reads=["source-data:raw"], writes="between:b")
    take(workspace, "V1")
    first = contents(between)
    run_step(workspace, "two", reads=["source-data:raw"], writes="between:c")
    take(workspace, "V2")

    undo(reopened(workspace))

    assert contents(between) == {**first, "c": b"text"}


@pytest.mark.parametrize("seed", range(4))
def test_any_state_comes_back_by_its_number(workspace: Workspace, between: Path, seed: int) -> None:
    """Snapshots that write the file, restores that bring another one, and undo to before any of them."""
    chance = random.Random(seed)
    found: dict[int, dict[str, bytes | str]] = {}
    tags: list[str] = []
    for number in range(7):
        takes = not tags or chance.random() < 0.6
        if takes:
            run_step(workspace, f"step{number}", reads=["source-data:raw"], writes="between", text=f"{number}")
            tags.append(f"V{number}")
        before = contents(between)
        if takes:
            take(workspace, tags[-1])
        else:
            restore(reopened(workspace), chance.choice(tags))
        found.setdefault(reopened(workspace).undo_log.next_number() - 1, before)
    last = contents(between)
    entries = reopened(workspace).undo_entries()

    for number in chance.sample(sorted(found), k=len(found)):
        undo(reopened(workspace), to=number)
        assert contents(between).get(NAME) == found[number].get(NAME), number
        if entries[number].verb == "restore":
            assert contents(between) == found[number]
        redo(reopened(workspace))
        assert contents(between) == last


@pytest.mark.parametrize("there", ["text", "json", "of another workspace", "directory", "symlink", "pipe"])
def test_what_is_somebody_elses_is_never_overwritten(
    workspace: Workspace, registry: Registry, tmp_path: Path, there: str
) -> None:
    """When the resource is added, or when the snapshot is taken: a clear error, and nothing has changed."""
    place = workspace.root / "between"
    place.mkdir()

    def put() -> None:
        match there:
            case "text":
                (place / NAME).write_text("my own")
            case "json":
                (place / NAME).write_text('{"steps": []}')
            case "of another workspace":
                other = make_workspace(tmp_path / "other", registry, "other")
                add_exported(other)
                take(other, "V1")
                (place / NAME).write_bytes((other.root / "between" / NAME).read_bytes())
            case "directory":
                (place / NAME).mkdir()
            case "symlink":
                (tmp_path / "precious").write_text("precious")
                (place / NAME).symlink_to(tmp_path / "precious")
            case "pipe":
                os.mkfifo(place / NAME)

    add_exported(workspace)
    put()
    before = {path: path.lstat() for path in place.iterdir()}
    with pytest.raises(LineageFileTakenError, match=NAME):
        take(workspace, "V1")
    undo(reopened(workspace))
    with pytest.raises(LineageFileTakenError, match=NAME):
        add_exported(workspace)

    assert {path: path.lstat() for path in place.iterdir()} == before
    assert [each.name for each in reopened(workspace).resources if each.export] == []
    assert not reopened(workspace).snapshots()


def test_a_snapshot_that_fails_leaves_the_file_as_it_was(workspace: Workspace, between: Path) -> None:
    take(workspace, "V1")
    run_step(workspace, "one", reads=["source-data:raw"], writes="between:b")
    before = contents(workspace.root)
    os.mkfifo(workspace.root / "code" / "pipe")

    with pytest.raises(UnsupportedFileError, match="pipe"):
        take(workspace, "V2")

    (workspace.root / "code" / "pipe").unlink()
    assert contents(workspace.root) == before
    assert reopened(workspace).due_repair == ""


def test_exported_results_keep_the_lineage_of_the_newest_on_top(workspace: Workspace) -> None:
    """Results move beside their own lineage; the file on top stays, and a snapshot without results leaves it alone."""
    add_exported(workspace, "scores", Role.RESULTS)
    scores = workspace.root / "scores"
    run_step(workspace, "work", reads=[], writes="scores:r")
    take(workspace, "V1")
    written = (scores / NAME).read_bytes()

    take(workspace, "V2")

    assert steps_in(exported(scores)) == ["work"]
    assert (scores / NAME).read_bytes() == written
    assert sorted(contents(scores)) == [NAME, "snapshots/host1-V1/lineage.json", "snapshots/host1-V1/r"]
    assert states(workspace) == {"unchanged"}


@pytest.mark.parametrize(
    ("passing", "role"),
    [
        (Passing.EXPORT, Role.SOURCE_DATA),
        (Passing.EXPORT, Role.CODE),
        (Passing.IMPORTED, Role.INTERMEDIATE_DATA),
        (Passing.IMPORTED, Role.RESULTS),
    ],
)
def test_a_role_that_does_not_fit_is_refused(workspace: Workspace, passing: Passing, role: Role) -> None:
    (workspace.root / "more").mkdir()
    before = contents(workspace.root)

    with pytest.raises(InvalidSettingError, match=f"--{passing}"):
        add(reopened(workspace), "local-files", {"local_path": "more"}, role=role, passing=passing)

    assert contents(workspace.root) == before


def test_a_type_without_a_directory_passes_no_lineage(workspace: Workspace) -> None:
    with pytest.raises(InvalidSettingError, match="--imported"):
        add(reopened(workspace), "api-resource", {}, role=Role.SOURCE_DATA, passing=Passing.IMPORTED)


def test_a_resource_without_it_is_recorded_as_ever(workspace: Workspace) -> None:
    """Records of before keep their bytes, and so their ids."""
    for resource in workspace.resources:
        assert resource.to_json().keys() == {"name", "role", "type", "distribution", "settings", "time"}
