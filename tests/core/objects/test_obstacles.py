"""Files that go, grow or may not be read, and disks that are full or read-only: told by name, and nothing half done."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from dws_core.errors import FileAccessError, UnstableFileError
from dws_core.objects import ObjectStore
from dws_core.testing.content import read_directory
from dws_core.testing.context import Silence

Opener = Callable[[], ObjectStore]

_NOBODY = 65534


class _Meddling(Silence):
    """Progress that does something once, when all has been looked at and nothing read yet."""

    def __init__(self, action: Callable[[], object]) -> None:
        super().__init__()
        self._actions = [action]

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        if self._actions:
            self._actions.pop()()


@pytest.mark.parametrize("name", ["data.csv", "middling"])
@pytest.mark.parametrize("becomes", ["nothing", "a directory", "a fifo"])
def test_a_file_that_is_gone_when_it_is_read_is_told(directory: Path, tmp_path: Path, name: str, becomes: str) -> None:
    """It is tried again, then refused by name; nobody waits for a fifo's writer."""

    def meddle() -> None:
        (directory / name).unlink()
        if becomes == "a directory":
            (directory / name).mkdir()
        elif becomes == "a fifo":
            os.mkfifo(directory / name)

    with pytest.raises(UnstableFileError, match=name):
        ObjectStore(tmp_path / "objects", tmp_path / "caches", _Meddling(meddle)).store(directory)

    assert not list((tmp_path / "objects").rglob("tmp-*"))


@pytest.mark.parametrize("name", ["data.csv", "middling"])
@pytest.mark.parametrize("size", [10, 70_000, 300_000])
def test_a_file_that_grew_or_shrank_before_it_is_read_is_stored_as_it_is_then(
    open_store: Opener, directory: Path, tmp_path: Path, name: str, size: int
) -> None:
    """Never a part of it, and never under another kind of object than its size asks for."""
    store = ObjectStore(tmp_path / "objects", tmp_path / "caches", _Meddling(lambda: os.truncate(directory / name, size)))

    tree = store.store(directory)

    assert open_store().scan(directory) == tree
    open_store().restore(tree, tmp_path / "again")
    assert read_directory(tmp_path / "again") == read_directory(directory)


def test_a_directory_that_goes_while_it_is_looked_at_is_told(store: ObjectStore, tmp_path: Path) -> None:
    """Whenever it goes, what is stored is whole, or the directory is named."""
    content, gone = tmp_path / "content", tmp_path / "gone"
    for number in range(40):
        (content / "coming and going" / str(number)).mkdir(parents=True)
    stop, outcomes = Event(), set()

    def come_and_go() -> None:
        while not stop.is_set():
            (content / "coming and going").rename(gone)
            gone.rename(content / "coming and going")

    with ThreadPoolExecutor(1) as pool:
        moving = pool.submit(come_and_go)
        for _ in range(300):
            try:
                outcomes.add(len(list(store.entries(store.store(content)))))
            except UnstableFileError as error:
                assert "coming and going" in str(error)
        stop.set()
        moving.result()

    assert outcomes <= {0, 41}


@pytest.fixture
def homely() -> Iterator[Path]:
    """A directory that the user nobody owns, below none that only the superuser may enter."""
    place = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(place, _NOBODY, _NOBODY)
    yield place
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)
    shutil.rmtree(place)


@contextmanager
def _common_user() -> Iterator[None]:
    """Act as a user to whom permissions apply."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("name", ["file", "below"])
def test_what_may_not_be_read_is_named(homely: Path, name: str) -> None:
    """A file or a directory without permission stops everything, with what to do."""
    with _common_user():
        (homely / "content" / "below").mkdir(parents=True)
        (homely / "content" / "file").write_bytes(b"file")
        (homely / "content" / name).chmod(0)
        store = ObjectStore(homely / "objects", homely / "caches", Silence())

        for look in (store.scan, store.store):
            with pytest.raises(FileAccessError, match=f"{name}: Permission denied") as refused:
                look(homely / "content")
            assert "change the permissions" in str(refused.value.hint)


def test_a_store_that_may_not_be_written_to_is_named(homely: Path) -> None:
    """It can still be read, and what is there need not be written."""
    with _common_user():
        (homely / "content").mkdir()
        (homely / "content" / "file").write_bytes(b"file")
        store = ObjectStore(homely / "objects", homely / "caches", Silence())
        tree = store.store(homely / "content")
        (homely / "content" / "file").write_bytes(b"edited")
        for path in (homely / "objects").rglob("*"):
            path.chmod(0o500 if path.is_dir() else 0o400)

        with pytest.raises(FileAccessError, match=r"objects.*: Permission denied"):
            ObjectStore(homely / "objects", homely / "caches", Silence()).store(homely / "content")
        store.restore(tree, homely / "content")

        assert (homely / "content" / "file").read_bytes() == b"file"


@pytest.mark.parametrize("size", [30_000, 400_000])
def test_a_disk_that_fills_up_meanwhile_is_told(small_disk: Path, tmp_path: Path, size: int) -> None:
    """What seemed to fit and does not is an error with a name, and no temporary file stays behind."""
    content = tmp_path / "content"
    content.mkdir()
    for number in range(900_000 // size):
        (content / str(number)).write_bytes(os.urandom(size))

    def fill() -> None:
        free = os.statvfs(small_disk)
        (small_disk / "filler").write_bytes(bytes((free.f_bavail - 50) * free.f_frsize))

    with pytest.raises(FileAccessError, match=r"objects.*: No space left"):
        ObjectStore(small_disk / "objects", tmp_path / "caches", _Meddling(fill)).store(content)

    assert not list((small_disk / "objects").rglob("tmp-*"))
    (small_disk / "filler").unlink()
    store = ObjectStore(small_disk / "objects", tmp_path / "caches", Silence())
    assert store.missing(store.store(content)) == ()


def test_what_is_stored_already_needs_no_room(small_disk: Path, tmp_path: Path) -> None:
    """More content than the disk has room for can be stored if little of it is new."""
    content = tmp_path / "content"
    content.mkdir()
    for number in range(10):
        (content / str(number)).write_bytes(bytes([number % 2]) * 500_000)
    store = ObjectStore(small_disk / "objects", tmp_path / "caches", Silence())

    assert store.missing(store.store(content)) == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root: run the tests as root in a container to have this one too")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
