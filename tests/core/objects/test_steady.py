"""One operation looks at a directory once; nothing that changes meanwhile or right after is lost or missed."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import UnstableFileError
from dws_core.model.changes import Changes
from dws_core.objects import ObjectStore
from dws_core.testing.content import read_directory

from .conftest import Reading

Opener = Callable[[], ObjectStore]


def test_in_a_steady_time_a_directory_is_as_it_was(store: ObjectStore, directory: Path) -> None:
    """It is looked at once, and looked at anew by whatever comes after."""
    with store.steady():
        tree = store.scan(directory)
        (directory / "new").write_bytes(b"new")

        assert store.store(directory) == tree
        assert store.changes_since(tree, directory) == Changes()

    assert store.changes_since(tree, directory) == Changes(added=("new",))


def test_a_listing_always_looks(store: ObjectStore, directory: Path) -> None:
    """What moves files asks what is there now."""
    with store.steady():
        store.scan(directory)
        (directory / "new").write_bytes(b"new")

        assert "new" in {entry.path for entry in store.listing(directory)}


@pytest.mark.parametrize("waited", [False, True])
def test_what_changed_in_a_steady_time_is_not_lost(store: ObjectStore, directory: Path, *, waited: bool) -> None:
    """What is to be replaced or removed is compared once more, right before anything is touched."""
    tree = store.store(directory)
    for name in ("data.csv", "new"):
        (directory / name).write_bytes(b"mine")
        if waited:
            time.sleep(2.1)
        with store.steady():
            store.plan(tree, directory)
            store.store(directory)
            (directory / name).write_bytes(b"late")

            with pytest.raises(UnstableFileError, match=name):
                store.restore(tree, directory)

        assert (directory / name).read_bytes() == b"late"


def test_a_steady_time_knows_what_it_restored(store: ObjectStore, open_store: Opener, directory: Path) -> None:
    """After a restore its picture is the directory's, whatever was removed, made, replaced or given another mode."""
    tree, before = store.store(directory), read_directory(directory)
    shutil.rmtree(directory / "deep")
    (directory / "deep").write_bytes(b"a file now")
    (directory / "data.csv").unlink()
    (directory / "data.csv").mkdir()
    (directory / "empty" / "more").mkdir()
    (directory / "empty" / "more" / "file").write_bytes(b"more")
    (directory / "tool").chmod(0o644)
    edited = store.store(directory)

    with store.steady():
        for wanted in (tree, edited, tree):
            assert store.restore(wanted, directory) == wanted == open_store().scan(directory)
            assert store.scan(directory) == wanted

    assert read_directory(directory) == before


def test_what_was_restored_is_not_read_again(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """What we wrote and hashed ourselves is known at once, however young it is."""
    tree = store.store(directory)
    shutil.rmtree(directory)
    store.restore(tree, directory)
    reading = Reading()

    assert ObjectStore(tmp_path / "objects", tmp_path / "caches", reading).store(directory) == tree

    assert reading.files == 0


def test_an_edit_right_after_a_restore_is_seen(store: ObjectStore, directory: Path) -> None:
    """However quickly an edit of equal length follows a restore, it is a change."""
    tree = store.store(directory)

    for number in range(50):
        (directory / "data.csv").write_bytes(b"%04d" % number)
        store.restore(tree, directory)
        (directory / "data.csv").write_bytes(b"1,3\n")
        assert store.changes_since(tree, directory) == Changes(changed=("data.csv",)), number


def test_what_appears_during_a_restore_is_told(store: ObjectStore, directory: Path) -> None:
    """The version that a restore answers is that of all that is there then."""
    tree = store.store(directory)
    (directory / "data.csv").write_bytes(b"edited")

    with store.steady():
        store.plan(tree, directory)
        (directory / "late").write_bytes(b"late")
        answered = store.restore(tree, directory)

    assert answered == store.scan(directory) != tree
    assert (directory / "data.csv").read_bytes() == b"1,2\n"
