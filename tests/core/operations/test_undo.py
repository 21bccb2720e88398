"""`undo`: whatever an operation changed comes back as it was before, every byte of it."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from dws_core.errors import NothingToUndoError, UnknownNameError, UnknownOperationError
from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.config import config
from dws_core.operations.delete_snapshot import delete_snapshot
from dws_core.operations.redo import redo
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.undo import undo
from dws_core.workspace import Workspace

from .conftest import contents, reopened

Shape = dict[str, Any]


def shape(workspace: Workspace) -> Shape:
    """All that people see of a workspace: content, empty directories, resources, snapshots, settings."""
    again = reopened(workspace)
    directories = [again.root / role for role in Role]
    return {
        "content": {str(path.name): contents(path) for path in directories},
        "empty": sorted(str(path) for top in directories for path in top.rglob("*") if path.is_dir() and not any(path.iterdir())),
        "resources": [each.name for each in again.resources],
        "snapshots": [each.label for each in again.snapshots()],
        "settings": again.settings.to_json(),
        "lineage": again.current_lineage().to_json(),
    }


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
    before = shape(workspace)
    restore(reopened(workspace), "V1")
    assert contents(workspace.root / "code") == {"a.bin": b"\0one", "gone.txt": b"gone"}

    undone = undo(reopened(workspace))

    assert [entry.verb for entry in undone.entries.values()] == ["restore"]
    assert shape(workspace) == before


def test_done_again_it_goes_back_one_more(workspace: Workspace) -> None:
    unsaved(workspace)
    before = shape(workspace)
    config(reopened(workspace), name="results_dir_template", value="kept/{TAG}")
    restore(reopened(workspace), "V1")

    undone = [entry.verb for _ in range(2) for entry in undo(reopened(workspace)).entries.values()]

    assert undone == ["restore", "config"]
    assert shape(workspace) == before


def test_what_was_changed_since_is_kept_too(workspace: Workspace) -> None:
    unsaved(workspace)
    restore(reopened(workspace), "V1")
    (workspace.root / "code" / "later.txt").write_text("later")
    undo(reopened(workspace))
    assert not (workspace.root / "code" / "later.txt").exists()

    redo(reopened(workspace))

    assert (workspace.root / "code" / "later.txt").read_text() == "later"


def test_results_that_a_snapshot_moved_come_back(workspace: Workspace) -> None:
    """The snapshot is out of the history, its tag is free, and taken again it has the same directory."""
    (workspace.root / "results" / "deep").mkdir()
    (workspace.root / "results" / "deep" / "m.bin").write_bytes(b"\0model")
    (workspace.root / "results" / "r.txt").write_text("result")
    before = shape(workspace)
    first = snapshot(reopened(workspace), "V1")
    assert not (workspace.root / "results" / "r.txt").exists()

    undo(reopened(workspace))

    assert shape(workspace) == before
    assert snapshot(reopened(workspace), "V1").moved == first.moved


def test_an_added_resource_is_taken_out_and_its_files_stay(workspace: Workspace) -> None:
    (workspace.root / "other").mkdir()
    (workspace.root / "other" / "a.txt").write_text("a")
    before = shape(workspace)
    add(reopened(workspace), "local-files", {"local_path": "other"}, role=Role.SOURCE_DATA, name="other")

    undo(reopened(workspace))

    assert shape(workspace) == before
    assert (workspace.root / "other" / "a.txt").read_text() == "a"
    add(reopened(workspace), "local-files", {"local_path": "other"}, role=Role.SOURCE_DATA, name="other")


def test_a_deleted_snapshot_comes_back_and_can_be_restored(workspace: Workspace) -> None:
    unsaved(workspace)
    delete_snapshot(reopened(workspace), "V1")
    with pytest.raises(UnknownNameError):
        restore(reopened(workspace), "V1")

    undo(reopened(workspace))

    restore(reopened(workspace), "V1")
    assert contents(workspace.root / "code") == {"a.bin": b"\0one", "gone.txt": b"gone"}


@pytest.mark.parametrize(("name", "value"), [("results_dir_template", "kept/{TAG}"), ("scratch_directory", "elsewhere")])
def test_a_setting_has_its_value_again(workspace: Workspace, name: str, value: str) -> None:
    """One that all clones share, and one of this clone."""
    before = shape(workspace)
    config(reopened(workspace), name=name, value=value)
    assert shape(workspace) != before

    undo(reopened(workspace))

    assert shape(workspace) == before


def test_a_setting_that_a_clock_ahead_of_ours_gave_is_undone_too(workspace: Workspace) -> None:
    """The latest record counts, so ours must be later, whatever our clock says."""
    records = reopened(workspace).records
    change = {"target": "workspace", "name": "results_dir_template", "time": "2999-01-01T00:00:00.000000Z"}
    records.put("settings", {**change, "value": "ahead/{TAG}"})

    config(reopened(workspace), name="results_dir_template", value="ours/{TAG}")
    assert reopened(workspace).settings.results_dir_template == "ours/{TAG}"
    undo(reopened(workspace))

    assert reopened(workspace).settings.results_dir_template == "ahead/{TAG}"


def test_without_an_operation_there_is_nothing_to_undo(workspace: Workspace) -> None:
    before = contents(workspace.root)

    with pytest.raises(NothingToUndoError):
        undo(reopened(workspace))

    assert contents(workspace.root) == before


def test_a_number_that_the_log_does_not_have_is_refused(workspace: Workspace) -> None:
    unsaved(workspace)
    before = shape(workspace)

    with pytest.raises(UnknownOperationError, match="no operation 7: it keeps those of 1 to 1"):
        undo(reopened(workspace), to=7)

    assert shape(workspace) == before


def test_what_is_undone_already_is_left_alone(workspace: Workspace) -> None:
    unsaved(workspace)
    restore(reopened(workspace), "V1")
    undo(reopened(workspace))
    before, log = shape(workspace), reopened(workspace).undo_entries()

    assert undo(reopened(workspace), to=2).entries == {}

    assert shape(workspace) == before
    assert reopened(workspace).undo_entries() == log


def _edit(workspace: Workspace, chance: random.Random) -> None:
    for role in ("code", "source-data", "results"):
        name = chance.choice(["a", "b", "deep/c", "ä\udcff"])
        path = workspace.root / role / name
        path.parent.mkdir(exist_ok=True)
        if path.exists() and chance.random() < 0.3:
            path.unlink()
        else:
            path.write_bytes(chance.randbytes(chance.choice([0, 10, 70_000])))


def _operate(workspace: Workspace, chance: random.Random, number: int) -> None:
    """Do any operation that can be done now."""
    labels = [each.label for each in reopened(workspace).snapshots()]

    def add_one() -> None:
        (workspace.root / f"more{number}").mkdir()
        add(reopened(workspace), "local-files", {"local_path": f"more{number}"}, role=Role.SOURCE_DATA)

    choices: list[Callable[[], object]] = [
        lambda: snapshot(reopened(workspace), f"T{number}"),
        lambda: config(reopened(workspace), name="results_dir_template", value=f"kept{number}/{{TAG}}"),
        lambda: config(reopened(workspace), name="scratch_directory", value=f"s{number}"),
        add_one,
    ]
    if labels:
        choices += 2 * [lambda: restore(reopened(workspace), chance.choice(labels))]
        choices.append(lambda: delete_snapshot(reopened(workspace), chance.choice(labels)))
    chance.choice(choices)()


@pytest.mark.parametrize("seed", range(6))
def test_any_state_comes_back_by_its_number(workspace: Workspace, seed: int) -> None:
    """Operations of every kind with edits between them: each state is what `--to` brings back, and `redo` the last one."""
    chance = random.Random(seed)
    before: dict[int, Shape] = {}
    for number in range(8):
        _edit(workspace, chance)
        state = shape(workspace)
        _operate(workspace, chance, number)
        before.setdefault(reopened(workspace).undo_log.next_number() - 1, state)
    _edit(workspace, chance)
    last = shape(workspace)

    for number in chance.sample(sorted(before), k=len(before)):
        undo(reopened(workspace), to=number)
        assert _without_empty(shape(workspace)) == _without_empty(_expected(workspace, before, number, last))
        redo(reopened(workspace))
        assert shape(workspace) == last


def _expected(workspace: Workspace, before: dict[int, Shape], number: int, last: Shape) -> Shape:
    """The state before an operation: of each directory what the first operation since that touched its content found there.

    What only its owner edited stays as it is.
    """
    entries = reopened(workspace).undo_entries()
    content = dict(last["content"])
    for each in sorted((each for each in before if each >= number), reverse=True):
        for key in entries[each].before.versions:
            name = reopened(workspace).all_resources[key].name
            content[name] = before[each]["content"].get(name, {})
    return {**before[number], "content": {name: files for name, files in content.items() if name in last["content"]}}


def _without_empty(shape: Shape) -> Shape:
    return {**shape, "empty": []}
