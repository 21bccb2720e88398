"""Writing through the filesystem: whole or not at all."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest

from dws_core.files import DwsFileSystem

Opener = Callable[[DwsFileSystem, str], Any]
OPENERS: dict[str, Opener] = {
    "bytes": lambda files, path: io.TextIOWrapper(files.open(path, "wb")),
    "text": lambda files, path: files.open(path, "w"),
    "fsspec.open": lambda files, path: fsspec.open(f"dws://source-data/{path}", "w"),
    "gzip": lambda files, path: files.open(path, "wt", compression="gzip"),
}


def below(directory: str = "source-data") -> list[str]:
    """Name all that lies on disk."""
    return sorted(path.relative_to(directory).as_posix() for path in Path(directory).rglob("*"))


@pytest.mark.parametrize("opener", OPENERS)
def test_a_file_appears_when_it_is_closed(files: DwsFileSystem, opener: str) -> None:
    with OPENERS[opener](files, "a/b/new") as file:
        file.write("content")
        file.flush()
        seen = below()

    compression = "gzip" if opener == "gzip" else None
    assert "a/b/new" not in seen and not any("staging" in name for name in below())
    with files.open("a/b/new", "rt", compression=compression) as file:
        assert file.read() == "content"


@pytest.mark.parametrize("opener", OPENERS)
@pytest.mark.parametrize("path", ["raw.csv", "new/new.csv"])
def test_nothing_is_written_when_the_block_raises(files: DwsFileSystem, opener: str, path: str) -> None:
    before = below()

    with pytest.raises(ZeroDivisionError), OPENERS[opener](files, path) as file:
        file.write("half of it")
        raise ZeroDivisionError

    assert below() == before and files.cat_file("raw.csv") == b"1\n"


def test_an_error_of_before_does_not_matter(files: DwsFileSystem) -> None:
    """What is written while another error is being dealt with is written."""
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        with files.open("raw.csv", "w") as file:
            file.write("dealt with")

    assert files.cat_file("raw.csv") == b"dealt with"


def test_a_file_that_is_never_closed_is_told_of(files: DwsFileSystem) -> None:
    file = files.open("new", "wb")
    file.write(b"half of it")

    with pytest.warns(RuntimeWarning, match="never closed"):
        del file

    assert not files.exists("new")


def test_a_large_file_is_written_whole(files: DwsFileSystem) -> None:
    """What no longer fits into memory goes through a file."""
    part = bytes(range(256)) * 4096

    with files.open("large", "wb") as file:
        for _ in range(20):
            file.write(part)
        assert file.tell() == 20 * len(part)

    assert files.cat_file("large") == part * 20


def test_appending_and_writing_what_must_not_be_there(files: DwsFileSystem) -> None:
    with files.open("raw.csv", "a") as file:
        file.write("2\n")
    with files.open("new.csv", "a") as file:
        file.write("first\n")
    with files.open("exclusive.csv", "xb") as file:
        file.write(b"first\n")

    assert (files.cat_file("raw.csv"), files.cat_file("new.csv")) == (b"1\n2\n", b"first\n")
    with pytest.raises(FileExistsError):
        files.open("exclusive.csv", "xb")
    with pytest.raises(io.UnsupportedOperation, match="r\\+b"):
        files.open("raw.csv", "r+b")


def test_a_transaction_writes_all_of_it_or_nothing(files: DwsFileSystem) -> None:
    with files.transaction:
        files.pipe_file("a", b"a")
        files.pipe_file("b", b"b")
        meanwhile = files.exists("a")
    with pytest.raises(ZeroDivisionError), files.transaction:
        files.pipe_file("c", b"c")
        raise ZeroDivisionError

    assert not meanwhile and files.cat_file("a") == b"a" and files.cat_file("b") == b"b" and not files.exists("c")


def test_files_are_copied_moved_and_removed(files: DwsFileSystem) -> None:
    files.cp("raw.csv", "copies/raw.csv")
    files.mv("deep", "moved", recursive=True)
    files.cp("moved", "again", recursive=True)
    fsspec.filesystem("dws").cp("source-data/raw.csv", "results/raw.csv")

    assert files.find("") == ["again/er.csv", "copies/raw.csv", "moved/er.csv", "raw.csv"]
    assert below("results") == ["raw.csv"]

    files.rm(["raw.csv", "copies"], recursive=True)
    with pytest.raises(IsADirectoryError):
        files.rm("moved")
    with pytest.raises(FileNotFoundError):
        files.rm("nope")
    assert below() == ["again", "again/er.csv", "moved", "moved/er.csv"]

    files.rm("again/er.csv")
    assert below() == ["moved", "moved/er.csv"]

    files.rm("", recursive=True)
    assert below() == [] and Path("source-data").is_dir()


def test_an_executable_stays_one(files: DwsFileSystem) -> None:
    Path("source-data/tool").write_text("old")
    Path("source-data/tool").chmod(0o755)

    files.pipe_file("tool", b"new")

    assert Path("source-data/tool").stat().st_mode & 0o777 == 0o755


def test_what_a_command_takes_for_a_dead_ones_is_written_all_the_same(files: DwsFileSystem) -> None:
    """A restore that begins meanwhile removes every staging directory that it finds."""

    class Sweeping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            for left in Path("source-data").glob(".dws-staging-*"):
                for inside in left.iterdir():
                    inside.unlink()
                left.rmdir()
            return super().read(size)

    place = files._writable("raw.csv")
    place.files.write("raw.csv", Sweeping(b"written"))

    assert below() == ["deep", "deep/er.csv", "raw.csv"] and files.cat_file("raw.csv") == b"written"
