"""A tree put together from entries is the tree of the directory that holds them."""

import dataclasses
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dws_core.errors import (
    DwsError,
    EntrySizeError,
    EntryTakenError,
    MissingObjectError,
    PathRefusedError,
    UnsupportedFileError,
)
from dws_core.objects import ObjectStore
from dws_core.plugin import Entry, EntryKind
from dws_core.testing.content import DIRECTORY_SAMPLES, Content, read_directory, write_directory
from dws_core.testing.context import Silence

Opener = Callable[[], ObjectStore]

_MIB = 1024 * 1024


@pytest.fixture
def file(store: ObjectStore) -> Entry:
    """The entry of a stored file."""
    return Entry("file", EntryKind.FILE, store.put(b"content"), 7)


def at(path: str, entry: Entry) -> Entry:
    return dataclasses.replace(entry, path=path)


def a_directory(path: str) -> Entry:
    return Entry(path, EntryKind.DIRECTORY, "", 0)


@pytest.mark.parametrize("content", DIRECTORY_SAMPLES)
def test_it_is_the_tree_that_storing_the_directory_answers(open_store: Opener, tmp_path: Path, content: Content) -> None:
    """Each file is kept by itself, and all come in any order; every byte comes back."""
    directory, store = tmp_path / "content", open_store()
    write_directory(directory, content)
    expected = ObjectStore(tmp_path / "other", tmp_path / "caches", Silence()).store(directory)
    with store.keeping() as keep:
        entries = [
            a_directory(path) if (directory / path).is_dir() and not (directory / path).is_symlink()
            else at(path, keep(directory / path))
            for path in content
        ]  # fmt: skip
    random.Random(7).shuffle(entries)

    assert store.tree(entries) == expected

    open_store().restore(expected, tmp_path / "again")
    assert read_directory(tmp_path / "again") == content


def test_the_entries_of_a_tree_make_that_tree(store: ObjectStore, directory: Path) -> None:
    """Directories that hold something may have entries too."""
    tree = store.store(directory)

    assert store.tree(store.entries(tree)) == tree
    assert store.tree(reversed(list(store.entries(tree)))) == tree


def test_its_id_is_told_without_it(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """Nothing is stored, and the objects need not be there."""
    tree = store.store(directory)
    elsewhere = ObjectStore(tmp_path / "elsewhere", tmp_path / "caches", Silence())

    assert elsewhere.tree_id(store.entries(tree)) == tree

    assert not (tmp_path / "elsewhere").exists()


def test_what_cannot_be_part_of_one_has_no_id(store: ObjectStore, file: Entry) -> None:
    """It is refused as if it were to be stored."""
    with pytest.raises(EntryTakenError):
        store.tree_id([at("a", file), at("a/b", file)])


def test_files_that_are_not_here_are_told(store: ObjectStore, directory: Path, file: Entry, tmp_path: Path) -> None:
    """A large one counts as lacking where a block of it does."""
    large = directory / "large"
    large.write_bytes(random.Random(1).randbytes(64 * _MIB + 1))
    entries = {each.path: each for each in store.entries(store.store(directory)) if each.kind is not EntryKind.DIRECTORY}
    other = ObjectStore(tmp_path / "other", tmp_path / "caches", Silence())
    other.put(store.get(entries["large"].id))

    assert [*store.lacking([file, *entries.values()])] == []
    assert [*other.lacking([file, entries["large"]])] == [file, entries["large"]]


def test_a_directory_holds_what_comes_below_it(store: ObjectStore, directory: Path) -> None:
    """What its id held is of no account: of a tree without its files the directories are left, empty."""
    tree = store.store(directory)

    pruned = store.tree(entry for entry in store.entries(tree) if not entry.path.endswith(".csv"))

    assert [entry.path for entry in store.entries(pruned)] == ["deep", "deep/er", "empty", "link", "middling", "tool"]


def test_names_are_in_the_order_of_their_bytes(store: ObjectStore, file: Entry) -> None:
    """A directory stands by its own name, before every name that is longer, whatever lies in it."""
    tree = store.tree(at(path, file) for path in ("a/z", "a.b", "a-b", "a/b/c", "a\x01", "ab", "é", "a/b-"))

    listed = [entry.path for entry in store.entries(tree)]
    assert listed == ["a", "a\x01", "a-b", "a.b", "a/b", "a/b-", "a/b/c", "a/z", "ab", "é"]
    assert store.tree(store.entries(tree)) == tree


def test_a_large_file_is_part_of_a_tree(store: ObjectStore, tmp_path: Path) -> None:
    """One that is kept as blocks too, if every block is there."""
    directory = tmp_path / "content"
    directory.mkdir()
    with (directory / "large").open("wb") as large:
        for number in range(65):
            large.write(b"%08d" % number * (_MIB // 8))
    with store.keeping() as keep:
        entry = keep(directory / "large")

    assert store.tree([entry]) == store.scan(directory)

    with pytest.raises(EntrySizeError, match="large"):
        store.tree([dataclasses.replace(entry, size=entry.size - 1)])
    next(path for path in (tmp_path / "objects" / "loose").glob("??/*") if path.stat().st_size == 4 * _MIB).unlink()
    with pytest.raises(MissingObjectError, match="large"):
        ObjectStore(tmp_path / "objects", tmp_path / "caches", Silence()).tree([entry])


def test_an_object_that_is_not_there_is_missing(store: ObjectStore, open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """The message names the path, also where the object lay in a file of its own that is gone."""
    entries = list(store.entries(store.store(directory)))
    for path in (tmp_path / "objects" / "loose").glob("??/*"):
        path.unlink()

    for each in (store, open_store()):
        with pytest.raises(MissingObjectError, match="middling"):
            each.tree(entries)
    with pytest.raises(MissingObjectError, match="a/b"):
        store.tree([Entry("a/b", EntryKind.FILE, "0" * 64, 1)])
    with pytest.raises(MissingObjectError, match="no id"):
        store.tree([Entry("a/b", EntryKind.FILE, "no id", 1)])


@pytest.mark.parametrize("size", [0, 6, 8, 65 * _MIB])
def test_a_size_that_is_not_the_object_s_is_refused(store: ObjectStore, file: Entry, size: int) -> None:
    """Such a tree could not be restored."""
    with pytest.raises(EntrySizeError, match="file cannot be put into a tree"):
        store.tree([dataclasses.replace(file, size=size)])


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("", PathRefusedError),
        ("/a", PathRefusedError),
        ("a/", PathRefusedError),
        ("a//b", PathRefusedError),
        ("./a", PathRefusedError),
        ("a/../b", PathRefusedError),
        ("a\0b", PathRefusedError),
        ("a/.git/config", PathRefusedError),
        (".GIT", PathRefusedError),
        ("a/.dataworkspace", PathRefusedError),
        ("\ud800", PathRefusedError),
        ("x" * 256, PathRefusedError),
        ("d/" * 257 + "f", UnsupportedFileError),
    ],
)
def test_a_path_that_no_tree_can_have_is_refused(store: ObjectStore, file: Entry, path: str, error: type[DwsError]) -> None:
    """Of a file and of a directory."""
    for entry in (at(path, file), a_directory(path.removesuffix("/f"))):
        with pytest.raises(error):
            store.tree([file, entry])


def test_as_deep_a_tree_as_can_be_restored_is_made(store: ObjectStore, file: Entry) -> None:
    """The deepest file lies in the deepest directory."""
    tree = store.tree([at("d/" * 256 + "f", file), a_directory("/".join("e" * 256))])

    assert store.open(tree, "d/" * 256 + "f").read() == b"content"
    assert store.missing(tree) == ()


@pytest.mark.parametrize(
    "paths", [["a", "a"], ["a", "a/b"], ["a/b/c", "a/b-", "a/b"], ["a/", "a/"], ["a/", "a"], ["a", "a/b/"], ["a/b", "a/b/c/"]]
)
def test_nothing_stands_in_the_place_of_another(store: ObjectStore, file: Entry, paths: list[str]) -> None:
    """A path stands once, and nothing lies below a file; the order of the entries makes no difference."""
    entries = [a_directory(path[:-1]) if path.endswith("/") else at(path, file) for path in paths]

    for each in (entries, entries[::-1]):
        with pytest.raises(EntryTakenError, match="a"):
            store.tree(each)


def test_what_lies_aside_alone_is_stored_again(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """A tree of a snapshot never relies on undo state."""
    store = open_store()
    with store.aside():
        tree = store.store(directory)
        assert store.tree(store.entries(tree)) == tree
    entries = list(store.entries(tree))
    assert not list((tmp_path / "objects" / "packs").glob("*.pack"))

    for each in (store, open_store()):
        assert each.tree(entries) == tree

    assert len(list((tmp_path / "objects" / "packs").glob("*.pack"))) == 1
    for pack in (tmp_path / "objects" / "undo").glob("*.pack"):
        pack.unlink()
    assert open_store().missing(tree) == ()


def test_a_tree_makes_what_was_kept_last(open_store: Opener, directory: Path) -> None:
    """Also within the block, and where that fails afterwards."""
    store = open_store()
    with pytest.raises(KeyboardInterrupt), store.keeping() as keep:
        tree = store.tree(keep(directory / name) for name in ("data.csv", "middling"))
        assert open_store().missing(tree) == ()
        raise KeyboardInterrupt

    assert open_store().missing(tree) == ()


def test_what_is_raised_by_the_entries_passes_as_it_is(store: ObjectStore, file: Entry, tmp_path: Path) -> None:
    """A listing that fails is not taken for a file of ours, and nothing is written."""
    before = set((tmp_path / "objects").rglob("*"))

    def entries() -> Iterator[Entry]:
        yield file
        raise ConnectionResetError(104, "gone")

    with pytest.raises(ConnectionResetError):
        store.tree(entries())

    assert set((tmp_path / "objects").rglob("*")) == before


def test_a_tree_keeps_alive_what_it_names(store: ObjectStore, open_store: Opener, directory: Path) -> None:
    """What a version names is not waste, and all else is."""
    with store.keeping() as keep:
        kept, waste = keep(directory / "data.csv"), keep(directory / "middling")
    tree = store.tree([kept])

    collecting = open_store()
    collecting.remove(collecting.waste([bytes.fromhex(tree)], []))

    assert open_store().missing(tree) == ()
    with pytest.raises(MissingObjectError):
        open_store().get(waste.id)


def test_the_tree_of_nothing_is_that_of_an_empty_directory(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()

    assert store.tree([]) == store.scan(tmp_path / "content")
    assert os.listdir(tmp_path / "content") == []  # noqa: PTH208  # nothing was written
