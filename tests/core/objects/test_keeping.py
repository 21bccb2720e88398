"""Single files are kept as those of a directory are stored."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dws_core.errors import FileAccessError, MissingObjectError, PathMissingError, UnstableFileError
from dws_core.objects import ObjectStore
from dws_core.plugin import Entry, EntryKind
from dws_core.testing.context import Silence

Opener = Callable[[], ObjectStore]

_MIB = 1024 * 1024
_DYING = """
import os, sys
from pathlib import Path
from dws_core.objects import ObjectStore
from dws_core.testing.context import Silence

top, file = map(Path, sys.argv[1:])
with ObjectStore(top / "objects", top / "caches", Silence()).keeping() as keep:
    keep(file)
    os._exit(9)
"""


def keep_all(store: ObjectStore, files: Iterable[Path]) -> list[Entry]:
    with store.keeping() as keep:
        return [keep(file) for file in files]


def packs(tmp_path: Path, kind: str = "packs") -> list[Path]:
    return sorted((tmp_path / "objects" / kind).glob("*.pack"))


@pytest.mark.parametrize("size", [0, 1, 64 * 1024 - 1, 64 * 1024, 9 * _MIB, 64 * _MIB, 64 * _MIB + 1])
def test_a_kept_file_has_the_entry_that_it_has_in_its_directory(open_store: Opener, tmp_path: Path, size: int) -> None:
    """Whatever its size, it lies where `store` puts it, under the same id, and can be gone at once."""
    directory = tmp_path / "content"
    directory.mkdir()
    (directory / "file").write_bytes(os.urandom(1024) * (size // 1024) + bytes(size % 1024))
    expected = list(ObjectStore(tmp_path / "other", tmp_path / "caches", Silence()).listing(directory))

    with open_store().keeping() as keep:
        entry = keep(directory / "file")
        (directory / "file").rename(tmp_path / "moved away")

    assert [entry] == expected
    tree = open_store().tree([entry])
    open_store().restore(tree, directory)
    assert (directory / "file").read_bytes() == (tmp_path / "moved away").read_bytes()


def test_kind_and_name_are_the_file_s(store: ObjectStore, directory: Path) -> None:
    """The executable bit is kept, a symlink is kept as one, and a name may be any bytes."""
    (directory / "no text \udcff").write_bytes(b"x")

    found = keep_all(store, [directory / name for name in ("tool", "link", "deep/er/part.csv", "no text \udcff")])

    assert [(entry.path, entry.kind, entry.size) for entry in found] == [
        ("tool", EntryKind.EXECUTABLE, 10),
        ("link", EntryKind.SYMLINK, 7),
        ("part.csv", EntryKind.FILE, 4),
        ("no text \udcff", EntryKind.FILE, 1),
    ]
    assert store.get(found[1].id) == b"nowhere"


def test_many_small_files_make_few_packs(store: ObjectStore, open_store: Opener, tmp_path: Path) -> None:
    """Five thousand files that are there one at a time wait for the disk once."""
    with store.keeping() as keep:
        found = []
        for number in range(5000):
            (tmp_path / "download").write_text(f"{number}\n")
            found.append(keep(tmp_path / "download"))

    assert len(packs(tmp_path)) == 1
    assert [open_store().get(found[number].id) for number in (0, 4999)] == [b"0\n", b"4999\n"]


def test_several_threads_keep_at_once(store: ObjectStore, open_store: Opener, tmp_path: Path) -> None:
    """Every file gets its own entry, small ones and others."""
    files = [tmp_path / f"{number}" for number in range(200)]
    for number, file in enumerate(files):
        file.write_bytes(b"%d" % number * (1 if number % 4 else 50_000))

    with store.keeping() as keep, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(keep, files))

    later = open_store()
    assert all(later.get(entry.id) == file.read_bytes() for entry, file in zip(found, files, strict=True))
    assert len(packs(tmp_path)) == 1


def test_what_is_there_is_not_written_again(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """Keeping what a directory stored costs nothing."""
    open_store().store(directory)
    before = set((tmp_path / "objects").rglob("*"))

    keep_all(open_store(), [directory / "data.csv", directory / "middling", directory / "link"])

    assert set((tmp_path / "objects").rglob("*")) == before


def test_what_is_kept_aside_stays_aside(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """It goes to packs of undo state, and is stored again for a snapshot."""
    store = open_store()
    with store.aside():
        keep_all(store, [directory / "data.csv"])
    assert packs(tmp_path) == [] and len(packs(tmp_path, "undo")) == 1

    keep_all(store, [directory / "data.csv"])

    assert len(packs(tmp_path)) == 1


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ConnectionResetError(104, "gone"), FileNotFoundError(2, "no such key")])
def test_what_is_raised_inside_passes_as_it_is(
    store: ObjectStore, open_store: Opener, directory: Path, failure: type[BaseException] | BaseException
) -> None:
    """A download that fails is not taken for a file of ours; what was kept until then counts no more than other waste."""
    with pytest.raises(failure if isinstance(failure, type) else type(failure)) as raised, store.keeping() as keep:
        keep(directory / "data.csv")
        keep(directory / "middling")
        raise failure

    assert isinstance(failure, type) or raised.value is failure
    later = open_store()
    later.remove(later.waste([], []))
    (entry,) = keep_all(open_store(), [directory / "data.csv"])
    assert open_store().get(entry.id) == b"1,2\n"


def test_nothing_is_left_of_a_process_that_died(open_store: Opener, directory: Path, tmp_path: Path) -> None:
    """What it had not finished is not there, and the next writer removes what lies around."""
    ended = subprocess.run([sys.executable, "-c", _DYING, tmp_path, directory / "data.csv"], check=False)
    assert ended.returncode == 9
    assert len(list((tmp_path / "objects" / "packs").iterdir())) == 1

    (entry,) = keep_all(open_store(), [directory / "tool"])

    assert open_store().get(entry.id) == b"#!/bin/sh\n"
    assert {path.suffix for path in (tmp_path / "objects" / "packs").iterdir()} == {".pack", ".index"}
    with pytest.raises(MissingObjectError):
        open_store().get(hashlib.sha256(b"1,2\n").hexdigest())


@pytest.mark.parametrize("name", ["nothing", "deep", "pipe"])
def test_what_is_no_file_is_named(store: ObjectStore, directory: Path, name: str) -> None:
    """Neither a directory nor a special file can be kept."""
    os.mkfifo(directory / "pipe")

    with pytest.raises(PathMissingError, match=f"no file .*{name}"):
        keep_all(store, [directory / name])


def test_a_file_that_changes_is_not_kept(store: ObjectStore, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes of two moments are never one object."""
    real = os.read

    def read(descriptor: int, size: int) -> bytes:
        with (directory / "data.csv").open("a") as file:
            file.write("more\n")
        return real(descriptor, size)

    with pytest.raises(UnstableFileError, match=r"data\.csv"), store.keeping() as keep:
        monkeypatch.setattr(os, "read", read)
        keep(directory / "data.csv")


def test_what_the_disk_refuses_at_the_end_is_named(store: ObjectStore, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that cannot be finished is an error of the file, and its objects are not there."""
    entries: list[Entry] = []

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device", "the pack")

    with pytest.raises(FileAccessError, match="the pack: No space left"), store.keeping() as keep:
        entries.append(keep(directory / "data.csv"))
        monkeypatch.setattr(os, "fsync", refuse)

    monkeypatch.undo()
    with pytest.raises(MissingObjectError):
        store.tree(entries)
