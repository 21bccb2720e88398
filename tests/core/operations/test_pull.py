"""The verb pull."""

import hashlib
import json
from pathlib import Path

import pytest

from dws_core.errors import ForeignRecordError, NotPublishedError
from dws_core.operations.pull import pull
from dws_core.operations.push import push
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.store import add_store
from dws_core.operations.undo import undo
from dws_core.workspace import Choice, Workspace

from .conftest import contents
from .sharing import Shared, again


def labels(workspace: Workspace) -> list[str]:
    return [each.label for each in again(workspace).snapshots()]


def change(workspace: Workspace, tag: str, text: str) -> None:
    """Do some work in a clone, and push it."""
    (workspace.root / "data" / "d.csv").write_text(text)
    (workspace.root / "results" / "r.txt").write_text(tag)
    snapshot(again(workspace), tag)
    push(again(workspace))


def accept(workspace: Workspace, shared: Shared) -> None:
    add_store(again(workspace), "shared", str(shared.store))


def test_snapshots_their_content_and_their_results_come(tmp_path: Path) -> None:
    """Data of one's own stays as it is."""
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    change(ada, "V2", "22\n")

    pulled = pull(again(bob))

    assert [each.label for each in pulled.news.snapshots] == ["V2"]
    assert pulled.results == ["results:/snapshots/host1-V2"]
    assert (bob.root / "results/snapshots/host1-V2/r.txt").read_text() == "V2"
    assert (bob.root / "data" / "d.csv").read_text() == "1\n"
    assert pulled.arrived.objects > 0


def test_content_comes_with_the_pull_so_that_restoring_needs_no_store(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    change(ada, "V2", "22\n")
    pull(again(bob))
    shared.store.rename(tmp_path / "unmounted")

    restore(again(bob), "V2")

    assert (bob.root / "data" / "d.csv").read_text() == "22\n"


def test_content_that_did_not_come_is_got_when_it_is_needed(tmp_path: Path) -> None:
    """A store that was away is told of, and a later pull or restore gets what is missing."""
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    change(ada, "V2", "22\n")
    away = shared.store.rename(tmp_path / "unmounted")

    told = pull(again(bob))
    away.rename(shared.store)
    restore(again(bob), "V2")
    later = pull(again(bob))

    assert "shared" in told.arrived.problems["snapshot V2"]
    assert (bob.root / "data" / "d.csv").read_text() == "22\n"
    assert later.results == ["results:/snapshots/host1-V2"]


def test_both_go_on_and_neither_loses_anything(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    accept(bob, shared)
    change(ada, "A", "ada\n")
    change(bob, "B", "bob\n")

    pull(again(ada))
    pull(again(bob))

    assert labels(ada) == labels(bob)
    assert sorted(labels(ada)) == ["A", "B", "V1"]
    assert {path.name for path in (ada.root / "results/snapshots").iterdir()} == {"host1-A", "bob-B"}


def test_a_record_that_nobody_can_use_stops_it_before_anything_is_merged(tmp_path: Path) -> None:
    """Bytes that are not those of the name, a snapshot that makes no sense, a file that is no record."""
    shared = Shared.here(tmp_path)
    shared.published()
    bob = shared.join("bob")
    before = contents(bob.root)
    nonsense = (json.dumps({"number": "none"}) + "\n").encode()
    bad = {
        f"snapshots/{'0' * 64}.json": b"{}",
        f"snapshots/{hashlib.sha256(nonsense).hexdigest()}.json": nonsense,
        "snapshots/x.json": b"{}",
        f"snapshots/{hashlib.sha256(b'[').hexdigest()}.json": b"[",
    }
    for name, content in bad.items():
        place = shared.origin / ".dataworkspace" / name
        place.write_bytes(content)

        with pytest.raises(ForeignRecordError) as refusal:
            pull(again(bob))

        place.unlink()
        assert name in refusal.value.message
        assert contents(bob.root) == before


def test_a_kind_of_record_that_a_newer_program_writes_is_kept(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    shared.published()
    bob = shared.join("bob")
    content = b'{\n  "time": "2030-01-01T00:00:00.000000Z"\n}\n'
    name = f".dataworkspace/futures/{hashlib.sha256(content).hexdigest()}.json"
    (shared.origin / name).parent.mkdir()
    (shared.origin / name).write_bytes(content)

    pull(again(bob))

    assert (bob.root / name).read_bytes() == content


def test_a_choice_leaves_the_rest_for_later(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    change(ada, "V2", "22\n")

    first = pull(again(bob), Choice(only_workspace=True))
    there = labels(bob)
    second = pull(again(bob))

    assert there == ["V1", "V2"]
    assert (first.arrived.objects, first.results) == (0, [])
    assert second.results == ["results:/snapshots/host1-V2"]


def test_a_resource_that_arrived_can_be_taken_back(tmp_path: Path) -> None:
    """What was put in place is an operation like any other."""
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    (bob.root / "data" / "d.csv").unlink()
    (bob.root / "data").rmdir()

    pulled = pull(again(bob))
    undo(again(bob))

    assert pulled.arrived.came == {"data": "as in snapshot V1"}
    assert [*(bob.root / "data").iterdir()] == []
    assert labels(ada) == ["V1"]


def test_what_was_emptied_stays_empty(tmp_path: Path) -> None:
    """A pull changes no file of a stored resource; what somebody took out is not put back."""
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    (bob.root / "data" / "d.csv").unlink()
    change(ada, "V2", "22\n")

    pull(again(bob))

    assert [*(bob.root / "data").iterdir()] == []


def test_a_dry_run_merges_nothing(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    change(ada, "V2", "22\n")

    planned = pull(again(bob), dry_run=True)

    assert [each.label for each in planned.news.snapshots] == ["V2"] and not planned.done
    assert labels(bob) == ["V1"]


def test_without_an_origin_it_is_refused(tmp_path: Path) -> None:
    ada = Shared.here(tmp_path).begin()

    with pytest.raises(NotPublishedError) as refusal:
        pull(ada)

    assert "dws publish" in (refusal.value.hint or "")
