"""The verb push."""

from pathlib import Path

import pytest

from dws_core.errors import NoStoreError, NotPublishedError, StoreRefusedError
from dws_core.model.receipt import Receipt
from dws_core.operations.delete_snapshot import delete_snapshot
from dws_core.operations.push import push
from dws_core.operations.snapshot import snapshot
from dws_core.operations.store import add_store
from dws_core.workspace import Choice, Workspace

from .sharing import Shared, again


def receipts(workspace: Workspace) -> list[Receipt]:
    return [*again(workspace).records.nouns("receipts", Receipt.from_json)]


def test_a_receipt_tells_which_store_holds_which_snapshot(tmp_path: Path) -> None:
    ada = Shared.here(tmp_path).published()
    (ada.root / "data" / "d.csv").write_text("22\n")
    taken = snapshot(again(ada), "V2").snapshot
    assert taken is not None

    pushed = push(again(ada))

    assert pushed.to_stores == {"shared": 1} and pushed.sent["shared"].objects == 2
    assert [each.snapshots for each in receipts(ada)][1:] == [(taken.id,)]


def test_what_the_store_has_is_not_sent_again(tmp_path: Path) -> None:
    """The same data in another snapshot costs a receipt, and a push with nothing new nothing at all."""
    ada = Shared.here(tmp_path).published()
    snapshot(again(ada), "SAME")

    pushed = push(again(ada))
    nothing = push(again(ada))

    assert (pushed.sent["shared"].objects, pushed.to_stores) == (0, {"shared": 1})
    assert (nothing.snapshots, nothing.to_stores, nothing.history) == ((), {}, False)


def test_two_stores_get_everything(tmp_path: Path) -> None:
    """Also the snapshots that were pushed before the second was added."""
    shared = Shared.here(tmp_path)
    ada = shared.published()
    from_now = add_second(ada, tmp_path)

    pushed = push(again(ada))

    assert pushed.to_stores == {from_now: 1}
    (shared.store / "dws-store.json").rename(tmp_path / "gone")
    bob = shared.join("bob")
    assert (bob.root / "data" / "d.csv").read_text() == "1\n"


def add_second(workspace: Workspace, tmp_path: Path) -> str:
    return add_store(again(workspace), "second", str(tmp_path / "second")).store.name


def test_a_part_is_pushed_without_a_receipt(tmp_path: Path) -> None:
    """A receipt for a snapshot of which not all was sent would be false."""
    ada = Shared.here(tmp_path).published()
    (ada.root / "data" / "d.csv").write_text("22\n")
    snapshot(again(ada), "V2")

    push(again(ada), Choice(only=["results"]))
    without = len(receipts(ada))
    push(again(ada))

    assert (without, len(receipts(ada))) == (1, 2)


def test_without_an_origin_or_a_store_it_is_refused(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada = shared.begin(store=False)

    with pytest.raises(NotPublishedError):
        push(ada)
    again(ada).backend.publish(str(shared.origin))
    with pytest.raises(NoStoreError) as refusal:
        push(again(ada))
    allowed = push(again(ada), allow_missing=True)

    assert "V1" in refusal.value.message
    assert [each.label for each in allowed.homeless] == ["V1"]


def test_a_store_that_is_another_one_stops_it_before_the_history_goes(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada = shared.published()
    bob = shared.join("bob")
    snapshot(again(ada), "V2")
    (shared.store / "dws-store.json").write_text('{"format": 1, "id": "another"}')

    with pytest.raises(StoreRefusedError):
        push(again(ada))

    assert again(bob).backend.fetch() is None


def test_a_snapshot_that_was_deleted_needs_no_content(tmp_path: Path) -> None:
    ada = Shared.here(tmp_path).begin(store=False)
    delete_snapshot(again(ada), "V1")
    again(ada).backend.publish(str(tmp_path / "origin"))

    pushed = push(again(ada))

    assert pushed.snapshots == () and pushed.history


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada = shared.published()
    snapshot(again(ada), "V2")
    before = sorted(shared.store.rglob("*"))

    planned = push(again(ada), dry_run=True)

    assert [each.label for each in planned.snapshots] == ["V2"] and planned.to_stores == {"shared": 1}
    assert sorted(shared.store.rglob("*")) == before
    assert len(receipts(ada)) == 1
