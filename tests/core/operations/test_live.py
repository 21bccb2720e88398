"""`live`: what a restore has us see as it was is seen as it is again; what lies elsewhere is contacted once that was accepted."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dws_core.errors import OriginNotAcceptedError, UnknownNameError
from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.clone import Wish, clone
from dws_core.operations.config import config
from dws_core.operations.delete_snapshot import delete_snapshot
from dws_core.operations.gc import gc
from dws_core.operations.live import live
from dws_core.operations.pull import pull
from dws_core.operations.push import push
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.status import status
from dws_core.operations.undo import undo
from dws_core.operations.verify import verify
from dws_core.workspace import Workspace

from .conftest import Listener, make_caller
from .sharing import Shared, again


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A directory that others fill."""
    place = tmp_path / "share"
    place.mkdir()
    (place / "a.csv").write_text("1\n")
    return place


@pytest.fixture
def workspace(tmp_path: Path, share: Path) -> Iterator[Workspace]:
    """A workspace, published, with the share as a resource; it was changed since snapshot V1."""
    workspace = Shared.here(tmp_path).published()
    add(workspace, "shelf", {"place": str(share)}, role=Role.SOURCE_DATA)
    snapshot(again(workspace), "V2")
    (share / "a.csv").write_text("22\n")
    (share / "b.csv").write_text("new\n")
    yield again(workspace)


def seen(workspace: Workspace) -> dict[str, bytes]:
    type_ = again(workspace).open_resource(workspace.resource("share"))
    return {each.path: type_.files().read(each.path) for each in type_.files().list()}


def closing(workspace: Workspace) -> str:
    return "\n".join(status(again(workspace)).closing)


def test_what_is_seen_as_it_was_is_told_everywhere_until_it_is_left(workspace: Workspace, share: Path) -> None:
    restored = restore(workspace, "V2", only=["share"])

    assert restored.plans["share"].note
    assert seen(workspace) == {"a.csv": b"1\n"} and (share / "b.csv").exists()
    assert "share: seen as in snapshot V2, whatever lies there now; `dws live share` ends that" in closing(workspace)
    taken = snapshot(again(workspace), "V3")
    assert any("share is recorded as it is seen, as in snapshot V2" in each for each in taken.remarks)

    left = live(again(workspace), "share")

    assert left.before == "snapshot V3"
    assert seen(workspace) == {"a.csv": b"22\n", "b.csv": b"new\n"}
    assert "seen as" not in closing(workspace)


def test_leaving_and_restoring_can_be_taken_back(workspace: Workspace) -> None:
    restore(workspace, "V2", only=["share"])
    live(again(workspace), "share")

    undo(again(workspace))
    assert seen(workspace) == {"a.csv": b"1\n"}
    undo(again(workspace))

    assert seen(workspace) == {"a.csv": b"22\n", "b.csv": b"new\n"}
    assert "seen as" not in closing(workspace)


def test_a_view_that_shows_what_lies_there_is_left_all_the_same(workspace: Workspace, share: Path) -> None:
    restore(workspace, "V2", only=["share"])
    (share / "a.csv").write_text("1\n")
    (share / "b.csv").unlink()

    live(again(workspace), "share")

    assert "seen as" not in closing(workspace)


def test_what_was_never_seen_otherwise_is_left_alone(workspace: Workspace) -> None:
    before = again(workspace).undo_log.next_number()

    assert live(again(workspace), "share").before == ""
    assert live(again(workspace), "data").before == ""
    with pytest.raises(UnknownNameError):
        live(again(workspace), "frobnicate")

    assert again(workspace).undo_log.next_number() == before


def test_gc_leaves_what_is_seen(workspace: Workspace) -> None:
    """Also where no snapshot and no entry of the undo log names it any more."""
    restore(workspace, "V2", only=["share"])
    delete_snapshot(again(workspace), "V2")
    for number in again(workspace).undo_log.read():
        again(workspace).undo_log.remove(number)

    gc(again(workspace))

    assert seen(workspace) == {"a.csv": b"1\n"}


def test_a_clone_contacts_what_others_name_once_it_accepted_it(workspace: Workspace, tmp_path: Path, share: Path) -> None:
    """A look before that says so, tells of the rest, and is no failure."""
    push(workspace, may=lambda _: True)
    asked: list[str] = []

    def refuse(question: str) -> bool:
        asked.append(question)
        return False

    caller, origin, wish = make_caller(tmp_path), str(tmp_path / "origin"), Wish(hostname="two")
    clone(origin, tmp_path / "second", workspace.registry, caller, Listener(), wish, backend="folder", may=refuse)
    assert any(str(share) in each for each in asked)
    listener = Listener()
    other = Workspace.find(tmp_path / "second", workspace.registry, caller, listener)
    states = {row[0]: row[2] for row in status(other).tables[0].rows}
    assert states["share"] == "opaque" and states["data"] == "unchanged"
    assert any(str(share) in each and "pull --accept" in each for each in listener.warnings)
    with pytest.raises(OriginNotAcceptedError):
        snapshot(again(other), "V3")
    assert snapshot(again(other), "V3", leave=["share"]).snapshot

    pull(again(other), may=lambda _: True)

    assert {row[0]: row[2] for row in status(again(other)).tables[0].rows}["share"] == "changed"


def test_who_says_where_it_lies_accepts_that(workspace: Workspace, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "share", tmp_path / "moved")

    config(workspace, resource="share", name="place", value=str(tmp_path / "moved"))

    assert seen(workspace) == {"a.csv": b"22\n", "b.csv": b"new\n"}
    undo(again(workspace))
    assert seen(workspace) == {"a.csv": b"22\n", "b.csv": b"new\n"}


def test_named_resources_are_verified_without_reading_content(workspace: Workspace) -> None:
    whole = verify(workspace, ["share", "data"])
    stored = next(again(workspace).layout.objects.rglob("*.pack"))
    stored.rename(stored.with_suffix(".away"))

    lost = verify(again(workspace), ["share", "data"])

    assert whole.sound and "all is there" in whole.report.title[0]
    assert not lost.sound and lost.report.tables
