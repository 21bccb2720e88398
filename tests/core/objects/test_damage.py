"""Damage shows, and what can be made again is."""

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dws_core.errors import DamagedObjectError, FileAccessError, UnsafeTreeError
from dws_core.objects import ObjectStore
from dws_core.objects.tree import DIRECTORY, FILE, Node, decode, encode
from dws_core.testing.content import read_directory
from dws_core.testing.context import Silence

Opener = Callable[[], ObjectStore]


@pytest.mark.parametrize("what", ["lost", "emptied", "changed"])
def test_an_index_is_made_again_from_its_pack(open_store: Opener, directory: Path, tmp_path: Path, what: str) -> None:
    """No object is lost with an index."""
    tree = open_store().store(directory)
    for index in (tmp_path / "objects" / "packs").glob("*.index"):
        sound = index.read_bytes()
        if what == "lost":
            index.unlink()
        else:
            index.write_bytes(b"" if what == "emptied" else sound[:60] + bytes([sound[60] ^ 1]) + sound[61:])

    assert open_store().missing(tree) == ()
    assert index.read_bytes() == sound


def test_damage_in_a_pack_is_found(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """No byte is given out that does not have its hash."""
    tree = open_store().store(directory)
    (pack,) = (tmp_path / "objects" / "packs").glob("*.pack")
    pack.write_bytes(pack.read_bytes().replace(b"3,4\n", b"3,5\n"))

    with pytest.raises(DamagedObjectError, match=r"part\.csv"):
        open_store().open(tree, "deep/er/part.csv")


def test_a_pack_cut_short_loses_only_its_end(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """What is whole in a pack can still be read."""
    store = open_store()
    tree = store.store(directory)
    (pack,) = (tmp_path / "objects" / "packs").glob("*.pack")
    first = next(entry for entry in store.entries(tree) if entry.path == "data.csv")
    pack.write_bytes(pack.read_bytes()[:-10])
    pack.with_suffix(".index").unlink()

    assert open_store().get(first.id) == b"1,2\n"
    assert open_store().missing(tree) == (".",)


def test_a_pack_is_named_by_its_hash(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """Anybody can check a pack without knowing what is in it."""
    store.store(directory)

    (pack,) = (tmp_path / "objects" / "packs").glob("*.pack")
    told = subprocess.run(["sha256sum", pack], capture_output=True, text=True, check=True).stdout.split()[0]
    assert pack.name == f"{told}.pack"


def test_what_a_dead_writer_left_is_removed(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """Temporary files are harmless, and gone with the next writing."""
    open_store().store(directory)
    left = [tmp_path / "objects" / "packs" / "tmp-0123", tmp_path / "objects" / "loose" / "tmp-4567"]
    for path in left:
        path.write_bytes(b"half")

    open_store().put(b"new")

    assert not any(path.exists() for path in left)


def test_several_resources_may_be_stored_at_once(store: ObjectStore, open_store: Opener, tmp_path: Path) -> None:
    """Threads that store the same and different content through one store lose nothing."""
    for number in range(8):
        top = tmp_path / "many" / str(number)
        top.mkdir(parents=True)
        for file in range(120):
            (top / str(file)).write_bytes(b"%d" % (file + number * 60))
        (top / "middling").write_bytes(bytes([number % 3]) * 200_000)

    with ThreadPoolExecutor(8) as pool:
        trees = list(pool.map(store.store, sorted((tmp_path / "many").iterdir())))

    assert [open_store().missing(tree) for tree in trees] == [()] * 8
    for number, tree in enumerate(trees):
        open_store().restore(tree, tmp_path / "again" / str(number))
    assert read_directory(tmp_path / "again") == read_directory(tmp_path / "many")


def test_a_full_disk_is_told_and_harms_nothing(directory: Path, tmp_path: Path) -> None:
    """Content that does not fit is an error that names the place; what was stored before stays whole."""
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root: run the tests as root in a container to have this one too")
    try:
        _fill_and_free(directory, small, tmp_path)
    finally:
        subprocess.run(["umount", "--lazy", small], check=True)


def _fill_and_free(directory: Path, small: Path, tmp_path: Path) -> None:
    store = ObjectStore(small / "objects", tmp_path / "caches", Silence())
    tree = store.store(directory)
    (directory / "noise").mkdir()
    for number in range(60):
        (directory / "noise" / str(number)).write_bytes(os.urandom(40_000))

    with pytest.raises(FileAccessError, match=r"2,\d{3},\d{3} bytes are needed, and \d+,\d{3} are free") as refused:
        store.store(directory)
    assert str(small) in str(refused.value)
    assert "free some space" in str(refused.value.hint)
    assert ObjectStore(small / "objects", tmp_path / "caches", Silence()).missing(tree) == ()

    for number in range(55):
        (directory / "noise" / str(number)).unlink()
    again = store.store(directory)
    assert ObjectStore(small / "objects", tmp_path / "caches", Silence()).missing(again) == ()

    (small / "content").mkdir()
    big = tmp_path / "big"
    big.mkdir()
    (big / "big").write_bytes(os.urandom(3_000_000))
    roomy = ObjectStore(tmp_path / "roomy", tmp_path / "caches", Silence())
    large = roomy.store(big)
    for attempt in (roomy.plan, roomy.restore):
        with pytest.raises(FileAccessError):
            attempt(large, small / "content")
    assert not list((small / "content").iterdir())


_GOOD = Node(b"a", FILE, 1, bytes(32))


@pytest.mark.parametrize(
    "nodes",
    [
        [_GOOD._replace(name=name)]
        for name in (b"", b".", b"..", b"a/b", b"/etc", b"../x", b"nul\0", b".git", b".GIT", b".dataworkspace", b"git~1")
    ]
    + [[_GOOD, _GOOD], [_GOOD._replace(name=b"b"), _GOOD], [_GOOD._replace(kind=9)]],
)
def test_a_tree_that_names_what_none_may_is_refused(store: ObjectStore, tmp_path: Path, nodes: list[Node]) -> None:
    """A tree from a stranger cannot write outside, over a repository, or one name twice."""
    evil = store.put(encode(nodes))
    outer = store.put(encode([Node(b"inner", DIRECTORY, 0, bytes.fromhex(evil))]))

    for attempt in (store.plan, store.restore):
        with pytest.raises(UnsafeTreeError):
            attempt(outer, tmp_path / "content")
    assert not list((tmp_path / "content").iterdir())


def test_trees_that_hold_each_other_over_and_over_are_refused(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small tree cannot grow to endless entries, nor be endlessly deep."""
    monkeypatch.setattr("dws_core.objects.branch.MAX_ENTRIES", 10_000)
    wide = deep = store.put(encode([Node(b"f", FILE, 0, bytes.fromhex(store.put(b"")))]))
    for _ in range(40):
        wide = store.put(encode([Node(b"%02d" % number, DIRECTORY, 0, bytes.fromhex(wide)) for number in range(10)]))
    for _ in range(300):
        deep = store.put(encode([Node(b"d", DIRECTORY, 0, bytes.fromhex(deep))]))

    for tree in (wide, deep):
        with pytest.raises(UnsafeTreeError):
            for _ in store.entries(tree):
                pass


@pytest.mark.parametrize("data", [b"", b"no tree", encode([_GOOD])[:-1], encode([_GOOD]) + b"x", encode([_GOOD])[:20]])
def test_bytes_that_are_no_tree_are_refused(data: bytes) -> None:
    """Whatever the bytes, reading them as a tree gives a tree or an error of ours."""
    with pytest.raises(UnsafeTreeError):
        decode(data, "x")


def test_a_size_that_lies_is_found(store: ObjectStore, tmp_path: Path) -> None:
    """A tree that gives a file another size than its content has is damaged."""
    content = bytes.fromhex(store.put(b"content"))
    tree = store.put(encode([Node(b"a", FILE, 9, content)]))

    with pytest.raises(DamagedObjectError):
        store.restore(tree, tmp_path / "content")
