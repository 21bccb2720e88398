"""Undo state lies in packs of its own: every reader finds it, and a snapshot never relies on it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dws_core.errors import MissingObjectError
from dws_core.objects import ObjectStore
from dws_core.testing.content import read_directory

from .conftest import Opener


def packs(tmp_path: Path, kind: str) -> list[Path]:
    return sorted((tmp_path / "objects" / kind).glob("*.pack"))


def test_what_is_put_aside_goes_to_packs_of_its_own(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """The packs of snapshots hold nothing of it, and it can be brought back."""
    store = open_store()

    with store.aside():
        tree = store.store(directory)

    assert packs(tmp_path, "packs") == [] and len(packs(tmp_path, "undo")) == 1
    assert store.missing(tree) == open_store().missing(tree) == ()
    open_store().restore(tree, tmp_path / "again")
    assert read_directory(tmp_path / "again") == read_directory(directory)


@pytest.mark.parametrize("anew", [False, True])
def test_a_snapshot_of_the_same_is_stored_again(open_store: Opener, directory: Path, tmp_path: Path, anew: bool) -> None:
    """What lies aside alone counts as not there for a writer, in the same command and in the next."""
    store = open_store()
    with store.aside():
        tree = store.store(directory)

    assert (open_store() if anew else store).store(directory) == tree

    for pack in packs(tmp_path, "undo"):
        pack.unlink()
    assert open_store().missing(tree) == ()


def test_what_a_snapshot_holds_is_not_put_aside_again(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """Only what is new costs anything; what was put aside before is not stored twice either."""
    store = open_store()
    store.store(directory)
    with store.aside():
        store.store(directory)
    assert packs(tmp_path, "undo") == []
    (directory / "new").write_text("new")
    with store.aside():
        store.store(directory)

    for each in (store, open_store()):
        with each.aside():
            each.store(directory)

    assert len(packs(tmp_path, "undo")) == 1


def test_packs_that_another_command_puts_aside_are_found(open_store: Opener, tmp_path: Path) -> None:
    """Also by a store that was opened before."""
    early, late = open_store(), open_store()
    early.put(b"first")

    with late.aside():
        aside = late.put(b"aside")

    assert early.get(aside) == b"aside"
    with early.aside():
        early.put(b"aside")
    assert len(packs(tmp_path, "undo")) == 1


def test_a_pack_that_vanishes_is_looked_for_anew(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """A reader that has taken in one pack finds its objects in the one that has taken its place."""
    tree = open_store().store(directory)
    reader = open_store()
    assert reader.missing(tree) == ()
    (old,) = packs(tmp_path, "packs")

    (tmp_path / "objects" / "undo").mkdir(exist_ok=True)
    for path in (old, old.with_suffix(".index")):
        path.rename(tmp_path / "objects" / "undo" / path.name)

    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: reader.open(tree, "data.csv").read(), range(80)))
    assert read == [b"1,2\n"] * 80


def test_what_another_command_removed_is_stored_again(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """A store that was opened before does not take it for stored."""
    early = open_store()
    tree = early.store(directory)
    for path in [*(tmp_path / "objects").rglob("*.pack"), *(tmp_path / "objects" / "loose").glob("??/*")]:
        path.unlink()

    assert early.store(directory) == tree

    assert open_store().missing(tree) == ()


def test_what_is_gone_is_missing(store: ObjectStore, tmp_path: Path) -> None:
    identity = store.put(b"content")
    for path in packs(tmp_path, "packs"):
        path.unlink()

    with pytest.raises(MissingObjectError):
        store.get(identity)
