"""Import: lineage that came with a resource is carried on, never mixed with this workspace's own, and never believed too much."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dws_core.errors import ImportedLineageError
from dws_core.model.lineage import MAX_STEPS
from dws_core.operations.report import report
from dws_core.operations.snapshot import Taken, snapshot
from dws_core.registry import Registry
from dws_core.workspace import Workspace

from .conftest import Listener, contents, reopened
from .passing import NAME, add_exported, add_imported, exported, make_workspace, run_step, steps_in, take

Document = Any


@pytest.fixture
def upstream(tmp_path: Path, registry: Registry) -> Workspace:
    """Another workspace, which exported a resource; its names are those of the importing one."""
    other = make_workspace(tmp_path / "upstream", registry, "upstream")
    (other.root / "code" / "make.py").write_text("make")
    add_exported(other, "data")
    run_step(other, "prepare", reads=["code:make.py"], writes="data:d")
    take(other, "V1")
    return other


@pytest.fixture
def given(upstream: Workspace) -> Document:
    """A lineage file as another workspace wrote it."""
    return exported(upstream.root / "data")


def warned(workspace: Workspace, tag: str) -> tuple[Taken, list[str]]:
    """A snapshot, and what the user was warned of."""
    opened, listener = reopened(workspace), Listener()
    opened.progress = listener
    return snapshot(opened, tag), listener.warnings


def put(workspace: Workspace, document: Document) -> Path:
    """A directory in the workspace that holds data and a lineage file."""
    place = workspace.root / "data"
    place.mkdir(exist_ok=True)
    (place / "d").write_text("text")
    (place / NAME).write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    return place


def test_it_is_carried_on_below_the_resource_that_it_came_with(workspace: Workspace, upstream: Workspace) -> None:
    """Steps of the other workspace are no steps of this one, whatever they are called."""
    add_imported(workspace, upstream.root / "data")
    run_step(workspace, "prepare", reads=["data:d"], writes="results")

    taken = take(workspace, "V1")

    assert taken.snapshot is not None
    recorded = reopened(workspace).lineage_of(taken.snapshot)
    assert [step.name for step in recorded.steps] == ["prepare"]
    imported = recorded.imported["data"]
    assert (imported.workspace, imported.name, imported.resource) == (upstream.description.id, "upstream", "data")
    assert [[str(edge.ref) for edge in step.inputs] for step in imported.lineage.steps] == [["code:make.py"]]
    beside_the_results = json.loads((workspace.root / "results" / "snapshots" / "host1-V1" / NAME).read_text())
    assert steps_in(beside_the_results["imported"]["data"]) == ["prepare"]


def test_the_report_shows_imported_steps_below_with_their_workspace(workspace: Workspace, upstream: Workspace) -> None:
    add_imported(workspace, upstream.root / "data")
    run_step(workspace, "use", reads=["data:d"], writes="results")

    built = report(reopened(workspace), "lineage", {})

    rows = [(row[0], row[1], str(row[3]).split(" ")[0]) for row in built.tables[0].rows]
    assert rows == [
        ("results", "Step", "data:d"),
        ("data:d", "Source Data", "upstream/data"),
        ("upstream/data:d", "Step (imported)", "upstream/code:make.py"),
        ("upstream/code:make.py", "Code (imported)", "None"),
    ]
    assert steps_in(built.to_json()["imported"]["data"]) == ["prepare"]  # type: ignore[index,call-overload]  # it is JSON


def test_what_is_exported_again_nests_what_it_came_from_and_nothing_else(
    workspace: Workspace, upstream: Workspace, tmp_path: Path, registry: Registry
) -> None:
    other = make_workspace(tmp_path / "other", registry, "upstream")
    add_exported(other, "data")
    take(other, "V1")
    add_imported(workspace, upstream.root / "data")
    add_imported(workspace, other.root / "data", "unused")
    add_exported(workspace)
    run_step(workspace, "use", reads=["data:d"], writes="between:b")

    taken = take(workspace, "V1")

    document = exported(workspace.root / "between")
    assert steps_in(document) == ["use"]
    assert document["imported"].keys() == {"data"}
    assert steps_in(document["imported"]["data"]) == ["prepare"]
    assert taken.snapshot is not None
    assert reopened(workspace).lineage_of(taken.snapshot).imported.keys() == {"data", "unused"}
    assert take(workspace).snapshot is None


def test_workspaces_of_one_name_are_told_apart(
    workspace: Workspace, upstream: Workspace, tmp_path: Path, registry: Registry
) -> None:
    """By digits of their ids, where it takes them."""
    other = make_workspace(tmp_path / "other", registry, "upstream")
    add_exported(other, "data")
    take(other, "V1")
    add_imported(workspace, upstream.root / "data")
    add_imported(workspace, other.root / "data", "more")

    rows = report(reopened(workspace), "lineage", {}).tables[0].rows

    origins = {row[0]: row[3] for row in rows if "imported" not in str(row[1])}
    assert origins == {
        "data": f"upstream-{upstream.description.id[:7]}/data",
        "more": f"upstream-{other.description.id[:7]}/data",
    }


def test_without_a_file_what_it_came_from_is_unknown_and_the_user_is_told(workspace: Workspace) -> None:
    """It may come later: that is no error."""
    place = put(workspace, b"")
    (place / NAME).unlink()
    add_imported(workspace, place)

    taken, warnings = warned(workspace, "V1")

    assert taken.snapshot is not None
    assert warnings == ["data: what it came from is unknown, since no lineage.json came with it"]
    (row,) = [row for row in report(reopened(workspace), "lineage", {"snapshot": "V1"}).tables[0].rows if row[0] == "data"]
    assert row[3] == "unknown (no lineage.json came with it)"


DAMAGED: dict[str, Any] = {
    "nothing": lambda given: b"",
    "no JSON": lambda given: b"{",
    "no text": lambda given: b"\xff\xfe{}",
    "no object": lambda given: b"[]",
    "no export": lambda given: {"steps": []},
    "a later format": lambda given: {**given, "exported_lineage": 2},
    "a name that leads out": lambda given: {**given, "resource": "../../etc"},
    "a workspace that is none": lambda given: {**given, "name": "a\x1b[2Jb"},
    "an id that is none": lambda given: {**given, "workspace": "<b>"},
    "a role that is none": lambda given: {**given, "roles": {"data": "owner"}},
    "a path that leads out": lambda given: {**given, "steps": [_reading(given, "../../etc/passwd")]},
    "a path into the workspace": lambda given: {**given, "steps": [_reading(given, ".dataworkspace/local")]},
    "too many steps": lambda given: {**given, "steps": [given["steps"][0]] * (2 * MAX_STEPS)},
    "too many workspaces": lambda given: _through(given, 40),
    "nested too deeply": lambda given: {**given, "steps": [{**given["steps"][0], "parameters": _deep(59)}]},
    "nested far too deeply": lambda given: b'{"a":' * 100_000,
    "imported that is none": lambda given: {**given, "imported": {"data": []}},
    "a number that is none": lambda given: json.dumps(given).replace('"duration": ', '"duration": NaN, "x": ').encode(),
}


def _reading(given: Document, path: str) -> Document:
    edge = {"resource": "data", "subpath": path, "version": "v", "known": "declared"}
    return {**given["steps"][0], "inputs": [edge]}


def _deep(levels: int) -> Document:
    value: Document = {}
    for _ in range(levels):
        value = {"a": value}
    return value


def _through(given: Document, workspaces: int) -> Document:
    value = given
    for _ in range(workspaces):
        value = {**given, "steps": [], "imported": {"data": value}}
    return value


@pytest.mark.parametrize("kind", list(DAMAGED))
def test_what_makes_no_sense_is_refused_when_it_is_added(workspace: Workspace, given: Document, kind: str) -> None:
    """The error names the file; nothing has changed."""
    place = put(workspace, DAMAGED[kind](given))
    before = contents(workspace.root)

    with pytest.raises(ImportedLineageError, match=NAME):
        add_imported(workspace, place)

    assert contents(workspace.root) == before


@pytest.mark.parametrize("kind", list(DAMAGED))
def test_what_makes_no_sense_later_is_recorded_as_unknown(workspace: Workspace, given: Document, kind: str) -> None:
    """The data is as good as ever: the snapshot is taken, warns, and can be read; it names nothing of this machine."""
    place = put(workspace, given)
    add_imported(workspace, place)
    run_step(workspace, "use", reads=["data:d"], writes="results")
    put(workspace, DAMAGED[kind](given))

    taken, warnings = warned(workspace, "V1")

    assert taken.snapshot is not None
    (warning,) = warnings
    assert warning.startswith("data: what it came from is unknown, since its lineage.json makes no sense: ")
    assert reopened(workspace).lineage_of(taken.snapshot).imported["data"].lineage.steps == ()
    assert report(reopened(workspace), "lineage", {"snapshot": "V1"}).tables[0].rows
    records = (workspace.root / ".dataworkspace" / "lineage").iterdir()
    assert not any(str(workspace.root) in path.read_text() for path in records)


@pytest.mark.parametrize("kind", ["directory", "symlink", "pipe"])
def test_what_is_no_plain_file_is_not_followed(workspace: Workspace, given: Document, tmp_path: Path, kind: str) -> None:
    place = put(workspace, given)
    (place / NAME).rename(tmp_path / NAME)
    match kind:
        case "directory":
            (place / NAME).mkdir()
        case "symlink":
            (place / NAME).symlink_to(tmp_path / NAME)
        case "pipe":
            os.mkfifo(place / NAME)

    with pytest.raises(ImportedLineageError, match="no plain file"):
        add_imported(workspace, place)


def test_lineage_of_other_content_than_a_step_read_is_not_believed(workspace: Workspace, upstream: Workspace) -> None:
    """The resource was renewed since: what is known of the new content says nothing of what was read."""
    add_imported(workspace, upstream.root / "data")
    run_step(workspace, "use", reads=["data:d"], writes="results")
    run_step(upstream, "again", reads=["code:make.py"], writes="data:d", text="renewed")
    take(upstream, "V2")

    assert warned(workspace, "V1")[1] == ["data: what it came from is unknown, since it is not what use read"]

    run_step(workspace, "use", reads=["data:d"], writes="results")
    taken, warnings = warned(workspace, "V2")
    assert warnings == []
    assert taken.snapshot is not None
    steps = reopened(workspace).lineage_of(taken.snapshot).imported["data"].lineage.steps
    assert [step.name for step in steps] == ["again"]


def test_with_a_version_its_lineage_is_carried_over(workspace: Workspace, upstream: Workspace) -> None:
    """A resource that is left alone keeps what was known of its last version."""
    add_imported(workspace, upstream.root / "data")
    take(workspace, "V1")
    (upstream.root / "data" / NAME).write_text("damaged")

    taken = take(workspace, "V2", leave=("data",))

    assert taken.snapshot is not None
    assert steps_in(reopened(workspace).lineage_of(taken.snapshot).imported["data"].to_json()) == ["prepare"]


def test_a_workspace_may_import_what_came_from_itself(workspace: Workspace) -> None:
    """There and back: nothing goes round in circles."""
    (workspace.root / "code" / "a").write_text("a")
    add_exported(workspace)
    run_step(workspace, "out", reads=["code:a"], writes="between:b")
    take(workspace, "V1")
    place = put(workspace, (workspace.root / "between" / NAME).read_bytes())
    add_imported(workspace, place)
    run_step(workspace, "back", reads=["data:d"], writes="between:c")

    take(workspace, "V2")
    take(workspace, "V3")

    document = exported(workspace.root / "between")
    assert steps_in(document) == ["out", "back"]
    assert steps_in(document["imported"]["data"]) == ["out"]
    assert report(reopened(workspace), "lineage", {"snapshot": "V3"}).tables[0].rows
