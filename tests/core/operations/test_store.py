"""The verbs of stores: adding, listing, removing."""

from pathlib import Path

import pytest

from dws_core.errors import InvalidNameError, NameTakenError, StoreNotAcceptedError, StoreRefusedError, UnknownNameError
from dws_core.operations.store import add_store, list_stores, remove_store
from dws_core.operations.undo import undo
from dws_core.workspace import Workspace
from dws_core.workspace.stores import find_store, open_store

from .conftest import contents, reopened
from .sharing import Shared, again


def rows(workspace: Workspace) -> list[tuple[object, ...]]:
    return [tuple(row) for row in list_stores(reopened(workspace)).tables[0].rows]


def test_a_store_is_added_listed_and_removed(workspace: Workspace, tmp_path: Path) -> None:
    """Its place is made, and stays when the store is removed."""
    added = add_store(workspace, "lab", str(tmp_path / "store"))
    listed = rows(workspace)
    remove_store(reopened(workspace), "LAB")

    assert added.url == (tmp_path / "store").as_uri() and not added.known
    assert listed == [("lab", added.url, "yes", 0)]
    assert rows(workspace) == []
    assert (tmp_path / "store").is_dir()


def test_adding_and_removing_can_be_taken_back(workspace: Workspace, tmp_path: Path) -> None:
    add_store(workspace, "lab", str(tmp_path / "store"))
    listed = rows(workspace)

    remove_store(reopened(workspace), "lab")
    undo(reopened(workspace))
    back = rows(workspace)
    undo(reopened(workspace))

    assert back == listed
    assert rows(workspace) == []


def test_a_place_with_a_name_like_a_path_is_taken_from_where_the_user_stands(workspace: Workspace, tmp_path: Path) -> None:
    added = add_store(workspace, "lab", "../a store, \u00e9")

    assert added.url == (tmp_path / "a store, \u00e9").as_uri()


@pytest.mark.parametrize(
    ("name", "url", "error"),
    [
        ("../x", "file:///tmp/x", InvalidNameError),
        ("lab", "gopher://host/x", UnknownNameError),
        ("lab", "ext://sh -c id", UnknownNameError),
    ],
)
def test_a_name_or_url_that_is_none_changes_nothing(workspace: Workspace, name: str, url: str, error: type[Exception]) -> None:
    before = contents(workspace.root)

    with pytest.raises(error):
        add_store(workspace, name, url)

    assert contents(workspace.root) == before


def test_one_place_is_one_store_and_one_name_is_one_place(workspace: Workspace, tmp_path: Path) -> None:
    add_store(workspace, "lab", str(tmp_path / "store"))
    add_store(reopened(workspace), "other", str(tmp_path / "other"))

    with pytest.raises(NameTakenError):
        add_store(reopened(workspace), "lab2", str(tmp_path / "store"))
    with pytest.raises(NameTakenError):
        add_store(reopened(workspace), "lab", str(tmp_path / "other"))
    with pytest.raises(StoreRefusedError):
        add_store(reopened(workspace), "lab", str(tmp_path / "nothing"))
    assert [row[0] for row in rows(workspace)] == ["lab", "other"]


def test_what_is_no_store_is_not_taken_for_one(workspace: Workspace, tmp_path: Path) -> None:
    """A mark that makes no sense, or of a format that is not known, is refused by name."""
    place = tmp_path / "store"
    for mark in ("{}", '{"format": 99, "id": "a"}', '{"format": 1, "id": "../x"}', "no JSON"):
        place.mkdir(exist_ok=True)
        (place / "dws-store.json").write_text(mark)

        with pytest.raises(StoreRefusedError) as refusal:
            add_store(reopened(workspace), "lab", str(place))

        assert str(place) in refusal.value.message and refusal.value.hint


def test_a_clone_that_was_told_nothing_reads_and_does_not_write(tmp_path: Path) -> None:
    """A directory that the workspace names is read if it has the mark; what is sent there needs the user's word."""
    shared = Shared.here(tmp_path)
    shared.published()
    bob = shared.join("bob")
    store = find_store(bob, "shared")

    read = open_store(bob, store).read("dws-store.json")
    with pytest.raises(StoreNotAcceptedError) as refusal:
        open_store(bob, store, writing=True)
    add_store(again(bob), "shared", str(shared.store))
    open_store(again(bob), store, writing=True)
    (shared.store / "dws-store.json").unlink()

    assert read
    assert "dws store add shared" in (refusal.value.hint or "")
    with pytest.raises(StoreRefusedError):
        open_store(again(bob), store)
