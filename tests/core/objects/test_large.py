"""Files of more than 64 MiB are kept as blocks."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import DamagedObjectError, UnstableFileError
from dws_core.objects import Lacking, ObjectStore

Opener = Callable[[], ObjectStore]

_MIB = 1024 * 1024


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A directory with one file of 65 MiB, every block of it different, and a part at the end."""
    directory = tmp_path / "large"
    directory.mkdir()
    with (directory / "file").open("wb") as file:
        for number in range(65):
            file.write(b"%08d" % number * (_MIB // 8))
    return directory


def test_a_small_change_stores_little(store: ObjectStore, large: Path, tmp_path: Path) -> None:
    """Equal blocks are stored once, and both versions come back."""
    first = store.store(large)
    stored = _size(tmp_path / "objects")
    with (large / "file").open("r+b") as file:
        file.seek(30 * _MIB)
        file.write(b"changed")

    second = store.store(large)

    assert first != second
    assert _size(tmp_path / "objects") - stored < 5 * _MIB
    store.restore(first, large)
    assert store.scan(large) == first
    with store.open(second, "file") as file:
        file.seek(30 * _MIB - 3)
        assert file.read(12) == b"029changed00"
        file.seek(-4, 2)
        assert file.read() == b"0064"


def test_the_id_depends_on_content_alone(store: ObjectStore, large: Path) -> None:
    """Scanning, storing and identifying answer the same."""
    scanned, file = store.scan(large), store.identify(large, "file")

    tree = store.store(large)

    assert scanned == tree
    assert [entry.id for entry in store.entries(tree)] == [file]


def test_a_lost_or_damaged_block_is_found(store: ObjectStore, open_store: Opener, large: Path, tmp_path: Path) -> None:
    """A missing block is told with the path, and stored again; a damaged one is found before a byte is written."""
    tree = store.store(large)
    block = next(path for path in (tmp_path / "objects" / "loose").rglob("*") if path.is_file())
    sound = block.read_bytes()
    block.unlink()

    assert open_store().missing(tree) == ("file",)
    assert open_store().store(large) == tree
    assert block.read_bytes() == sound

    block.write_bytes(bytes(len(sound)))
    with pytest.raises(DamagedObjectError, match="file"):
        open_store().restore(tree, tmp_path / "again")
    assert not list((tmp_path / "again").iterdir())


@pytest.fixture
def edited(store: ObjectStore, large: Path) -> tuple[str, str]:
    """Two versions of the large file, of which the second, which is there, differs in one block."""
    first = store.store(large)
    _edit(large / "file")
    return first, store.store(large)


def test_only_blocks_that_differ_are_written(store: ObjectStore, large: Path, edited: tuple[str, str]) -> None:
    """A large file keeps its inode, and becomes what it was."""
    first, second = edited
    inode = (large / "file").stat().st_ino

    assert store.plan(first, large).bytes == 4 * _MIB
    assert store.restore(first, large) == first == store.scan(large)
    assert (large / "file").stat().st_ino == inode

    assert store.restore(second, large) == second == store.scan(large)


@pytest.mark.parametrize("size", [65 * _MIB + 1, 70 * _MIB])
def test_a_large_file_that_grew_is_cut(store: ObjectStore, large: Path, size: int) -> None:
    """What was added at the end goes, and comes back."""
    first = store.store(large)
    os.truncate(large / "file", size)
    second = store.store(large)

    for tree in (first, second):
        assert store.restore(tree, large) == tree == store.scan(large)


@pytest.mark.parametrize("what", ["linked", "read-only", "lost"])
def test_a_file_that_others_might_miss_is_replaced_whole(
    store: ObjectStore, open_store: Opener, large: Path, edited: tuple[str, str], tmp_path: Path, what: str
) -> None:
    """A file of another name too keeps its content under that; one that may not be written to, or is not stored, is replaced."""
    first, second = edited
    other = tmp_path / "other"
    if what == "linked":
        other.hardlink_to(large / "file")
    elif what == "read-only":
        (large / "file").chmod(0o400)
    else:
        _lose_a_block(open_store(), first, second, tmp_path)
    inode = (large / "file").stat().st_ino

    assert open_store().restore(first, large) == first

    # Nobody refuses the superuser to write.
    assert ((large / "file").stat().st_ino == inode) is (what == "read-only" and os.access(large / "file", os.W_OK))
    if what == "linked":
        with other.open("rb") as file:
            file.seek(30 * _MIB)
            assert file.read(7) == b"changed"


def test_a_large_file_that_changed_since_it_was_looked_at_stays(store: ObjectStore, large: Path, edited: tuple[str, str]) -> None:
    """Nothing is written to a file that is not what is stored."""
    first, _ = edited
    with store.steady():
        store.plan(first, large)
        _edit(large / "file", b"in the meantime")
        with pytest.raises(UnstableFileError, match="file"):
            store.restore(first, large)

    assert _edited_part(large / "file", 15) == b"in the meantime"


def test_a_damaged_block_is_found_before_a_byte_is_written(
    open_store: Opener, large: Path, edited: tuple[str, str], tmp_path: Path
) -> None:
    """Blocks are read and checked before the file is touched."""
    first, second = edited
    block = _own_blocks(open_store(), first, second, tmp_path)[0]
    block.write_bytes(bytes(block.stat().st_size))

    for attempt in (open_store().plan, open_store().restore):
        with pytest.raises(DamagedObjectError, match="file"):
            attempt(first, large)
    assert open_store().scan(large) == second


def test_a_rewriting_that_was_ended_in_the_middle_is_done_again(store: ObjectStore, large: Path, edited: tuple[str, str]) -> None:
    """A file that is neither the one nor the other becomes the one."""
    first, _ = edited
    with (large / "file").open("r+b") as file:
        file.seek(28 * _MIB)
        file.write(b"%08d" % 28 * 1000)

    assert store.restore(first, large) == first == store.scan(large)


def _edit(path: Path, content: bytes = b"changed") -> None:
    with path.open("r+b") as file:
        file.seek(30 * _MIB)
        file.write(content)


def _edited_part(path: Path, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(30 * _MIB)
        return file.read(length)


def _own_blocks(store: ObjectStore, tree: str, other: str, tmp_path: Path) -> list[Path]:
    """Name the files of those blocks that only the first tree has."""
    mine, theirs = ({_block(store, each, place) for place in range(0, 65, 4)} for each in (tree, other))
    return [tmp_path / "objects" / "loose" / each[:2] / each[2:] for each in mine - theirs]


def _block(store: ObjectStore, tree: str, place: int) -> str:
    with store.open(tree, "file") as file:
        file.seek(place * _MIB)
        return hashlib.sha256(file.read(4 * _MIB)).hexdigest()


def _lose_a_block(store: ObjectStore, first: str, second: str, tmp_path: Path) -> None:
    (block,) = _own_blocks(store, second, first, tmp_path)
    block.unlink()


def test_blocks_live_as_long_as_the_file_that_has_them(store: ObjectStore, open_store: Opener, large: Path) -> None:
    """Of a file in a tree and of one that is named by itself; what only another version had goes."""
    tree = store.store(large)
    file = store.identify(large, "file")
    with (large / "file").open("r+b") as opened:
        opened.write(b"changed")
    other = store.store(large)

    for root in (tree, file):
        collecting = open_store()
        collecting.remove(collecting.waste([bytes.fromhex(root)], []))

        assert open_store().missing(other) != ()
    assert open_store().waste([bytes.fromhex(file)], []).objects == 0
    open_store().store(large)
    assert open_store().missing(other) == ()


def test_a_file_lacks_what_its_blocks_lack(store: ObjectStore, open_store: Opener, large: Path, tmp_path: Path) -> None:
    """A damaged block is the reason, and the one file is counted once."""
    tree = bytes.fromhex(store.store(large))
    first, second, *_ = (path for path in (tmp_path / "objects" / "loose").rglob("*") if path.is_file())
    first.write_bytes(b"damaged")
    second.unlink()

    lacks = Lacking(open_store().check()).below([tree])

    assert lacks == {first: (1, "file"), None: (1, "file")}


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
