"""The verb clone."""

from dataclasses import replace
from pathlib import Path

import pytest

from dws_core.errors import (
    InvalidNameError,
    NameTakenError,
    NestedWorkspaceError,
    NotShareableError,
    PathMissingError,
    PathRefusedError,
    UnknownNameError,
)
from dws_core.operations.clone import Wish, clone
from dws_core.operations.pull import pull
from dws_core.operations.push import push
from dws_core.operations.snapshot import snapshot
from dws_core.operations.status import status
from dws_core.operations.store import add_store
from dws_core.testing.faults import Fault, interruptions
from dws_core.workspace import Choice, Workspace

from .conftest import Listener, make_caller
from .sharing import Shared, again


def states(workspace: Workspace) -> set[object]:
    return {row[2] for row in status(again(workspace)).tables[0].rows}


def left_in(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def test_a_clone_works_at_once(tmp_path: Path) -> None:
    """Nothing counts as changed, its results are there, and its lineage is that of the newest snapshot."""
    shared = Shared.here(tmp_path)
    ada = shared.published()
    (ada.root / "results" / "r.txt").write_text("r")
    snapshot(again(ada), "V2")
    push(again(ada))

    bob = shared.join("bob")

    assert states(bob) == {"unchanged"}
    assert (bob.root / "results/snapshots/host1-V2/r.txt").read_text() == "r"
    assert (bob.root / "data" / "d.csv").read_text() == "1\n"
    assert bob.hostname == "bob"


def test_results_that_the_newest_snapshot_does_not_hold_come_too(tmp_path: Path) -> None:
    """Two clones took snapshots without knowing of each other."""
    shared = Shared.here(tmp_path)
    ada, bob = shared.published(), shared.join("bob")
    add_store(again(bob), "shared", str(shared.store))
    for workspace, tag in ((ada, "A"), (bob, "B")):
        (workspace.root / "results" / "r.txt").write_text(tag)
        snapshot(again(workspace), tag)
    push(again(ada))
    push(again(bob))

    eve = shared.join("eve")

    assert left_in(eve.root / "results" / "snapshots") == {"host1-A", "bob-B"}


def test_a_clone_gets_a_name_of_its_own(tmp_path: Path) -> None:
    """The machine's name and four digits of its random id."""
    shared = Shared.here(tmp_path)
    shared.published()

    clones = [shared.join(name, wish=Wish()) for name in ("one", "two")]

    assert all(each.hostname.startswith(f"{name}-") for each, name in zip(clones, ("one", "two"), strict=True))
    assert all(len(each.hostname) == 8 for each in clones)


def test_what_is_chosen_comes_and_the_rest_waits(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    shared.published()

    bob = shared.join("bob", wish=Wish(choice=Choice(only=["results"])))

    assert not (bob.root / "data").exists()
    assert (bob.root / "results").is_dir()


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(hostname="../x"), InvalidNameError),
        (Wish(hostname="HOST1"), NameTakenError),
        (Wish(choice=Choice(only=["nothing"])), UnknownNameError),
        (Wish(places={"nothing": Path("/tmp")}), UnknownNameError),
    ],
)
def test_a_wish_that_makes_no_sense_leaves_nothing_behind(tmp_path: Path, wish: Wish, error: type[Exception]) -> None:
    shared = Shared.here(tmp_path)
    shared.published()
    before = left_in(tmp_path)

    with pytest.raises(error):
        shared.join("bob", wish=wish)

    assert left_in(tmp_path) == before


def test_a_target_that_is_taken_is_refused(tmp_path: Path) -> None:
    """A file, a directory that holds something, a place inside a workspace; an empty directory is fine."""
    shared = Shared.here(tmp_path)
    shared.published()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    (tmp_path / "empty").mkdir()

    for name, error in (("full", PathRefusedError), ("full/file", PathRefusedError), ("first/inside", NestedWorkspaceError)):
        with pytest.raises(error):
            shared.join(name)
    bob = shared.join("empty")

    assert states(bob) == {"unchanged"}
    assert (tmp_path / "full" / "file").read_text() == "mine"


def test_an_origin_that_holds_no_workspace_is_refused(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    shared.origin.mkdir()

    with pytest.raises(PathMissingError):
        shared.join("bob")

    assert left_in(tmp_path) == {"origin"}


def test_only_a_backend_that_shares_can_clone(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)

    with pytest.raises(NotShareableError):
        clone("x", tmp_path / "bob", shared.registry, make_caller(tmp_path), Listener(), Wish(), backend="plain")


def test_a_dry_run_leaves_nothing(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    shared.published()
    before = left_in(tmp_path)

    caller = make_caller(tmp_path)
    planned = clone(
        str(shared.origin), tmp_path / "bob", shared.registry, caller, Listener(), Wish(dry_run=True), backend="folder"
    )

    assert (planned.name, planned.snapshots) == ("first", 1)
    assert set(planned.pulled.arrived.came) == {"data", "results"}
    assert left_in(tmp_path) == before


@pytest.mark.parametrize("fault", list(Fault))
def test_ended_in_the_middle_it_is_not_there_or_a_pull_completes_it(tmp_path: Path, fault: Fault) -> None:
    """A clone appears whole; what had not come yet comes with the next pull."""
    shared = Shared.here(tmp_path)
    shared.published()
    number = 0

    def prepare() -> None:
        nonlocal number
        number += 1

    def work() -> None:
        shared.join(f"bob{number}")

    for where in interruptions(fault, prepare, work, tmp_path / "scratch", most=24):
        root = tmp_path / f"bob{number}"
        if not root.exists():
            shared.join(f"bob{number}")
        caller = replace(make_caller(root), host=f"bob{number}")
        bob = Workspace(root, shared.registry, caller, Listener())
        pull(bob)
        assert states(bob) == {"unchanged"}, where
        assert (root / "data" / "d.csv").read_text() == "1\n", where
