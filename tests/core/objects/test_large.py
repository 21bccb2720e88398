"""Files of more than 64 MiB are kept as blocks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import DamagedObjectError
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
