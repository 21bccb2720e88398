"""A change of content is never missed because size or time happened to match."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from dws_core.errors import UnstableFileError
from dws_core.model.changes import Changes
from dws_core.objects import ObjectStore

from .conftest import Reading

Opener = Callable[[], ObjectStore]


def test_an_edit_of_equal_size_right_after_is_seen(store: ObjectStore, directory: Path) -> None:
    """However quickly edits of equal length follow each other, each is a change."""
    seen = set()
    for number in range(200):
        (directory / "data.csv").write_bytes(b"%04d" % number)
        seen.add(store.scan(directory))

    assert len(seen) == 200


def test_an_edit_whose_time_was_set_back_is_seen(store: ObjectStore, directory: Path) -> None:
    """Equal size and equal modification time do not hide a change, even of a file that was long trusted."""
    path = directory / "data.csv"
    os.utime(path, (1, 1))
    _grow_old(store, directory)
    tree = store.store(directory)
    path.write_bytes(b"9,9\n")
    os.utime(path, (1, 1))

    assert store.changes_since(tree, directory) == Changes(changed=("data.csv",))
    assert store.store(directory) != tree


def test_the_executable_bit_and_the_target_of_a_link_count(store: ObjectStore, directory: Path) -> None:
    """They are content."""
    tree = store.store(directory)
    (directory / "data.csv").chmod(0o744)
    (directory / "link").unlink()
    (directory / "link").symlink_to("elsewh")

    assert store.changes_since(tree, directory) == Changes(changed=("data.csv", "link"))


def test_unchanged_files_are_not_read_again(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """What is safely older than the look before is known by its row, and with nothing changed nothing is written."""
    store = open_store()
    _grow_old(store, directory)
    tree = store.store(directory)
    (cache,) = (tmp_path / "caches").glob("*.stat")
    before = cache.stat().st_ino
    reading = Reading()

    assert ObjectStore(tmp_path / "objects", tmp_path / "caches", reading).store(directory) == tree

    assert reading.files == 0
    assert cache.stat().st_ino == before


def test_on_a_disk_one_tick_of_its_clock_is_enough(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """What was written a moment ago is not read at every command; where others may write by other clocks it is."""
    store.store(directory)
    (directory / "data.csv").write_text("5,5\n")
    time.sleep(0.05)
    tree = store.store(directory)
    reading = Reading()

    assert ObjectStore(tmp_path / "objects", tmp_path / "caches", reading).store(directory) == tree

    is_disk = os.major(directory.stat().st_dev) != 0
    assert (reading.files == 0) == is_disk


def test_a_damaged_cache_is_no_harm(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """A cache whose bytes changed is read as empty."""
    tree = open_store().store(directory)
    (cache,) = (tmp_path / "caches").glob("*.stat")
    damaged = bytearray(cache.read_bytes())
    damaged[len(damaged) // 2] ^= 255
    cache.write_bytes(damaged)

    assert open_store().store(directory) == tree


def test_the_files_of_a_renamed_directory_are_not_read_again(store: ObjectStore, directory: Path, tmp_path: Path) -> None:
    """Known files are known again where their directory went."""
    _grow_old(store, directory)
    tree = store.store(directory)
    (directory / "deep").rename(directory / "moved")
    reading = Reading()

    moved = ObjectStore(tmp_path / "objects", tmp_path / "caches", reading).scan(directory)

    assert moved == store.edit(tree, moves={"deep": "moved"}, files={})
    assert reading.files == 0


@pytest.fixture
def restless(directory: Path) -> Iterator[Path]:
    """A file that another thread writes to without a pause."""
    path, done, begun = directory / "restless", Event(), Event()
    path.write_bytes(bytes(16 * 1024 * 1024))

    def write() -> None:
        with path.open("r+b", buffering=0) as file:
            while not done.is_set():
                file.seek(0)
                file.write(os.urandom(64))
                begun.set()
                time.sleep(0.0005)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        begun.wait(10)
        yield path
        done.set()
        writing.result()


def test_a_file_that_keeps_changing_is_refused_by_name(store: ObjectStore, directory: Path, restless: Path) -> None:
    """A file that changes whenever it is read is told, not stored as a mixture."""
    with pytest.raises(UnstableFileError, match="restless"):
        store.store(directory)


def _grow_old(store: ObjectStore, directory: Path) -> None:
    """Wait until a file's row is trusted."""
    time.sleep(2.1)
    store.scan(directory)
