"""What a store takes in it gives back, and says truly what it holds."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import (
    EntryTakenError,
    FileAccessError,
    MissingObjectError,
    PathMissingError,
    PathRefusedError,
    UnsupportedFileError,
)
from dws_core.model.changes import Changes
from dws_core.objects import ObjectStore
from dws_core.plugin import EntryKind

Opener = Callable[[], ObjectStore]


def test_bytes_come_back_by_their_id(store: ObjectStore, open_store: Opener) -> None:
    """An id is the SHA-256 of the bytes, and a later command finds them."""
    identity = store.put(b"content")

    assert identity == "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
    assert open_store().get(identity) == b"content"


@pytest.mark.parametrize("identity", ["0" * 64, "", "../../etc/passwd", "F" * 64])
def test_what_is_no_object_is_missing(store: ObjectStore, identity: str) -> None:
    """An id that names nothing here, or is none, is told so."""
    with pytest.raises(MissingObjectError):
        store.get(identity)


def test_scanning_answers_what_storing_does_and_stores_nothing(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """A scan is the id that a store would have, without an object written."""
    scanned = store.scan(directory)

    assert not (tmp_path / "objects").exists()
    assert store.store(directory) == scanned


def test_storing_the_same_again_writes_nothing(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """Content that is there is never written again, not even when it must be read again."""
    open_store().store(directory)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "objects").rglob("*")}
    (directory / "copy of middling").write_bytes((directory / "middling").read_bytes())
    (directory / "copy of middling").unlink()

    open_store().store(directory)

    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "objects").rglob("*") if path.is_file()}
    assert after == {path: moment for path, moment in before.items() if path in after}
    assert after.keys() == {path for path in before if path.is_file()}


def test_objects_are_for_this_user_alone(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """No file or directory of the store can be read by others."""
    store.store(directory)

    for path in [tmp_path / "objects", *(tmp_path / "objects").rglob("*"), *(tmp_path / "caches").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_entries_come_in_the_order_of_their_paths(store: ObjectStore, tmp_path: Path) -> None:
    """Entries are in order of the bytes of the whole path, so "a-b" stands before "a/b"."""
    for name in ("a/b", "a-b", "a/c", "b", "é"):
        (tmp_path / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "content" / name).write_bytes(name.encode())

    found = list(store.entries(store.store(tmp_path / "content")))

    assert [entry.path for entry in found] == ["a", "a-b", "a/b", "a/c", "b", "é"]
    assert [entry.kind for entry in found][:2] == [EntryKind.DIRECTORY, EntryKind.FILE]
    assert [entry.size for entry in found] == [0, 3, 3, 3, 1, 2]


def test_a_listing_is_what_entries_would_be(store: ObjectStore, directory: Path) -> None:
    """What a directory holds now is told as of a stored tree."""
    listing = list(store.listing(directory))

    assert listing == list(store.entries(store.store(directory)))


def test_a_part_is_identified_as_it_is_in_the_tree(store: ObjectStore, directory: Path) -> None:
    """The id of one file or directory now is that which it has in the tree."""
    ids = {entry.path: entry.id for entry in store.entries(store.store(directory))}

    for path, identity in ids.items():
        assert store.identify(directory, path) == identity
    for path in ("nothing", "deep/nothing", "data.csv/below", "link/below"):
        with pytest.raises(FileNotFoundError):
            store.identify(directory, path)


def test_files_of_a_tree_can_be_read(store: ObjectStore, directory: Path) -> None:
    """A file of a stored tree is opened by its path; what is no file there is not found."""
    tree = store.store(directory)

    with store.open(tree, "deep/er/part.csv") as small, store.open(tree, "middling") as middling:
        assert small.read() == b"3,4\n"
        assert middling.read() == bytes(range(256)) * 1024
    for path in ("nothing", "deep", "link", "data.csv/below"):
        with pytest.raises(FileNotFoundError):
            store.open(tree, path)
    with pytest.raises(PathRefusedError):
        store.open(tree, "../data.csv")


def test_only_chosen_paths_are_stored(store: ObjectStore, directory: Path) -> None:
    """Files, symlinks and directories that were named are stored, with the directories above them, and nothing else."""
    tree = store.store_paths(directory, ["deep/er/part.csv", "link", "empty"])

    assert [entry.path for entry in store.entries(tree)] == ["deep", "deep/er", "deep/er/part.csv", "empty", "link"]


def test_nothing_is_stored_through_a_symlink(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """A path whose way leads through a symlink is refused."""
    (directory / "way out").symlink_to(tmp_path)
    (tmp_path / "secret").write_bytes(b"secret")

    with pytest.raises(FileAccessError, match="way out"):
        store.store_paths(directory, ["way out/secret"])


def test_an_edit_moves_whole_directories_and_adds_files(store: ObjectStore, directory: Path) -> None:
    """A tree is edited without a file being touched; parents are made, and what is left empty stays as a directory."""
    tree = store.store(directory)

    edited = store.edit(tree, moves={"deep": "a/b/deep", "data.csv": "a/data.csv"}, files={"a/new.json": b"{}"})

    assert store.compare(tree, edited) == Changes(
        added=("a/b/deep/er/part.csv", "a/data.csv", "a/new.json"), removed=("data.csv", "deep/er/part.csv")
    )
    assert store.open(edited, "a/new.json").read() == b"{}"
    inner = store.edit(edited, moves={"a/b/deep/er/part.csv": "part.csv"}, files={})
    assert store.compare(edited, inner) == Changes(added=("part.csv",), removed=("a/b/deep/er/part.csv",))


@pytest.mark.parametrize("target", ["link", "data.csv/below", "empty", "middling"])
def test_an_edit_overwrites_nothing(store: ObjectStore, directory: Path, target: str) -> None:
    """A destination that exists, or lies below a file, is an error."""
    tree = store.store(directory)

    with pytest.raises(EntryTakenError):
        store.edit(tree, moves={"tool": target}, files={})


def test_an_edit_of_what_is_not_there_is_an_error(store: ObjectStore, directory: Path) -> None:
    """Moving what the tree does not hold names it."""
    with pytest.raises(FileAccessError, match="nothing"):
        store.edit(store.store(directory), moves={"nothing": "x"}, files={})


def test_special_files_are_refused_by_name(store: ObjectStore, directory: Path) -> None:
    """What a snapshot cannot hold is named, with its kind."""
    os.mkfifo(directory / "deep" / "pipe")
    with pytest.raises(UnsupportedFileError, match="deep/pipe is a fifo"):
        store.store(directory)
    (directory / "deep" / "pipe").unlink()

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(directory / "sock"))
        with pytest.raises(UnsupportedFileError, match="sock is a socket"):
            store.scan(directory)


@pytest.mark.parametrize("name", [".git", ".GIT", ".dataworkspace", "git~1", ".g\u200cit", ".git.", ".Git::$DATA"])
def test_nested_repositories_and_workspaces_are_refused_by_name(store: ObjectStore, directory: Path, name: str) -> None:
    """So is every name that some file system takes for one of theirs."""
    (directory / "deep" / name).mkdir()

    with pytest.raises(UnsupportedFileError, match="deep/"):
        store.store(directory)


def test_too_deep_a_directory_is_refused_when_it_is_stored(store: ObjectStore, tmp_path: Path) -> None:
    """What could not be restored is not stored."""
    (tmp_path / "content" / "/".join(["d"] * 257)).mkdir(parents=True)

    with pytest.raises(UnsupportedFileError, match="nested"):
        store.store(tmp_path / "content")


def test_a_missing_directory_is_named(store: ObjectStore, tmp_path: Path) -> None:
    """There is nothing to store where there is no directory."""
    for look in (store.scan, store.store):
        with pytest.raises(PathMissingError, match="gone"):
            look(tmp_path / "gone")


def test_what_is_missing_is_named_by_its_paths(store: ObjectStore, open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """Content that is not in this clone is told by the paths that need it; the whole is "."."""
    tree = store.store(directory)
    assert store.missing(tree) == ()
    assert store.missing("0" * 64) == (".",)

    for path in (tmp_path / "objects" / "loose").rglob("??/*"):
        path.unlink()

    assert open_store().missing(tree) == ("middling",)


def test_what_got_lost_is_stored_again(store: ObjectStore, open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """A file that has not changed is stored all the same if its content is no longer there."""
    tree = store.store(directory)
    for path in (tmp_path / "objects").rglob("*"):
        if path.is_file():
            path.unlink()

    assert open_store().store(directory) == tree
    assert open_store().missing(tree) == ()
