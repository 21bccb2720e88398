"""Restoring: whole, safe, and only where something differs."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import DamagedObjectError, EntryTakenError, MissingObjectError, PathRefusedError, UnsupportedFileError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.objects import ObjectStore
from dws_core.plugin.grip import Grip
from dws_core.testing.content import read_directory

Opener = Callable[[], ObjectStore]


def test_only_what_differs_is_touched(store: ObjectStore, directory: Path) -> None:
    """A file that is as recorded keeps its inode; one of which only the mode differs keeps it too."""
    tree = store.store(directory)
    inodes = {name: (directory / name).stat().st_ino for name in ("middling", "tool")}
    (directory / "data.csv").write_bytes(b"edited")
    (directory / "tool").chmod(0o644)

    store.restore(tree, directory)

    assert store.scan(directory) == tree
    assert {name: (directory / name).stat().st_ino for name in inodes} == inodes
    assert os.access(directory / "tool", os.X_OK)


def test_the_plan_tells_what_restoring_does(store: ObjectStore, directory: Path) -> None:
    """Files to write new, to replace and to remove, and the bytes to write."""
    tree = store.store(directory)
    (directory / "data.csv").write_bytes(b"edited")
    (directory / "link").unlink()
    (directory / "new").write_bytes(b"new")
    (directory / "tool").chmod(0o644)

    planned = store.plan(tree, directory)

    assert planned == RestorePlan(Changes(added=("link",), removed=("new",), changed=("data.csv", "tool")), bytes=11)


def test_a_directory_that_is_gone_comes_back(store: ObjectStore, directory: Path) -> None:
    """The directory itself need not be there."""
    before = read_directory(directory)
    tree = store.store(directory)
    shutil.rmtree(directory)

    assert store.plan(tree, directory).bytes > 0
    store.restore(tree, directory)

    assert read_directory(directory) == before


def test_nothing_is_written_through_a_symlink(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """A directory that has become a symlink is replaced; what it points to is not touched."""
    before = read_directory(directory)
    tree = store.store(directory)
    outside = tmp_path / "outside"
    shutil.move(directory / "deep", outside)
    (outside / "er" / "part.csv").write_bytes(b"not ours")
    (directory / "deep").symlink_to(outside)

    store.restore(tree, directory)

    assert read_directory(directory) == before
    assert (outside / "er" / "part.csv").read_bytes() == b"not ours"


def test_a_grip_goes_through_no_symlink(directory: Path, tmp_path: Path) -> None:
    """Neither looking nor making goes through a symlink or a file."""
    (directory / "way out").symlink_to(tmp_path)

    with Grip(directory) as grip:
        for path in ("way out/new", "data.csv/new", "deep/../way out/new"):
            with pytest.raises(PathRefusedError):
                grip.parent(path, create=True)
    assert not (tmp_path / "new").exists()


def test_restored_files_are_no_more_open_than_umask_allows(store: ObjectStore, directory: Path) -> None:
    """umask holds for files, executables and directories, also where only the bit changes."""
    tree = store.store(directory)
    shutil.rmtree(directory)
    before = os.umask(0o077)
    try:
        store.restore(tree, directory)
        (directory / "tool").chmod(0o644)
        store.restore(tree, directory)
    finally:
        os.umask(before)

    assert {oct((directory / name).stat().st_mode & 0o777) for name in ("data.csv", "middling")} == {"0o600"}
    assert oct((directory / "deep" / "er").stat().st_mode & 0o777) == "0o700"
    assert oct((directory / "tool").stat().st_mode & 0o777) == "0o744"


@pytest.mark.parametrize("what", ["damage", "loss"])
def test_nothing_changes_unless_all_that_is_needed_is_intact(
    store: ObjectStore, open_store: Opener, directory: Path, tmp_path: Path, what: str
) -> None:
    """A damaged or missing object is found, by the plan and by the restore, before a visible byte changes."""
    tree = store.store(directory)
    (loose,) = (path for path in (tmp_path / "objects" / "loose").rglob("*") if path.is_file())
    if what == "damage":
        loose.write_bytes(b"!" + loose.read_bytes()[1:])
    else:
        loose.unlink()
    for name in ("data.csv", "middling"):
        (directory / name).write_bytes(b"edited")
    (directory / "extra").write_bytes(b"extra")
    before = read_directory(directory)

    for attempt in (open_store().plan, open_store().restore):
        with pytest.raises(DamagedObjectError if what == "damage" else MissingObjectError, match="middling"):
            attempt(tree, directory)

    assert read_directory(directory) == before


def test_leftovers_of_a_killed_restore_are_neither_seen_nor_kept(store: ObjectStore, directory: Path) -> None:
    """A staging directory is no content, and the next restore removes it."""
    tree = store.store(directory)
    left = directory / ".dws-staging-0123456789abcdef"
    left.mkdir()
    (left / "0").write_bytes(b"half")

    assert store.scan(directory) == tree
    (directory / "data.csv").write_bytes(b"edited")
    store.restore(tree, directory)

    assert not left.exists()
    assert store.scan(directory) == tree


def test_a_fifo_in_the_way_is_refused_and_kept(store: ObjectStore, directory: Path) -> None:
    """What cannot be brought back is not removed."""
    tree = store.store(directory)
    os.mkfifo(directory / "pipe")

    with pytest.raises(UnsupportedFileError, match="pipe"):
        store.restore(tree, directory)
    assert (directory / "pipe").is_fifo()


def test_an_overlay_removes_nothing_it_does_not_name(store: ObjectStore, directory: Path) -> None:
    """It writes what its tree holds, and everything else stays, a nested repository too."""
    tree = store.store_paths(directory, ["data.csv", "deep/er/part.csv", "empty"])
    (directory / "data.csv").write_bytes(b"edited")
    shutil.rmtree(directory / "deep")
    (directory / "empty").rmdir()
    (directory / ".git").mkdir()
    (directory / ".git" / "config").write_bytes(b"theirs")

    store.overlay(tree, directory)

    assert (directory / "data.csv").read_bytes() == b"1,2\n"
    assert (directory / "deep" / "er" / "part.csv").read_bytes() == b"3,4\n"
    assert (directory / "empty").is_dir()
    assert (directory / ".git" / "config").read_bytes() == b"theirs"
    assert (directory / "middling").exists()


def test_an_overlay_replaces_no_directory_that_holds_something(store: ObjectStore, directory: Path) -> None:
    """A directory where its tree has a file is refused, before anything changes."""
    tree = store.store_paths(directory, ["data.csv", "tool"])
    (directory / "data.csv").write_bytes(b"edited")
    (directory / "tool").unlink()
    (directory / "tool").mkdir()
    (directory / "tool" / "theirs").write_bytes(b"theirs")

    with pytest.raises(EntryTakenError, match="tool"):
        store.overlay(tree, directory)
    assert (directory / "data.csv").read_bytes() == b"edited"
