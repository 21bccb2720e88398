"""What is true of a directory of a server, and of no other type."""

import io
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dws_core.errors import DwsError, ReadOnlyFilesError, UnsupportedFileError
from dws_core.testing import File, Link, read_directory, write_directory
from dws_core.testing.context import Silence
from dws_ssh.errors import RemoteForbiddenError, RemoteFullError, RemoteReadOnlyError
from dws_ssh.resource_type import SshDirectory

Open = Callable[..., SshDirectory]
HOSTS = ("server", "plain")


class _Fetched(Silence):
    """Counts what is said to have come."""

    size = 0

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        self.size += size


@pytest.fixture
def small(there: Path) -> Iterator[Path]:
    """The directory of the server as a disk of its own, of two megabytes."""
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", there], capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield there
    finally:
        subprocess.run(["umount", "-l", there], check=True)


@pytest.mark.parametrize("host", HOSTS)
def test_only_what_is_new_is_fetched(there: Path, open_it: Open, host: str) -> None:
    """Content that is here is known by its hash, whatever its name, where the server works hashes out."""
    write_directory(there, {f"{number}": File(b"%d" % number * 90_000) for number in range(20)})
    first = open_it(host).snapshot()
    (there / "0").rename(there / "moved")
    (there / "new").write_bytes(b"new")

    fetched = _Fetched()
    opened = open_it(host)
    opened.context = replace(opened.context, progress=fetched)
    second = opened.snapshot()

    assert first != second and second == open_it("server").current()
    assert fetched.size == 3 if host == "server" else fetched.size > 3


@pytest.mark.parametrize("host", HOSTS)
def test_an_edit_that_keeps_size_and_time_is_seen(there: Path, open_it: Open, host: str) -> None:
    """With or without hashes of the server's own."""
    write_directory(there, {"a": File(b"one"), "b": File(b"x")})
    os.utime(there / "a", (1_000_000, 1_000_000))
    taken = open_it(host).snapshot()
    (there / "a").write_bytes(b"two")
    os.utime(there / "a", (1_000_000, 1_000_000))

    assert open_it(host).changes_since(taken).changed == ("a",)
    assert open_it(host).snapshot() != taken


def test_trust_in_times_misses_that_edit_alone(there: Path, open_it: Open) -> None:
    """The limit that is said when it is added; another time or size is seen."""
    write_directory(there, {"a": File(b"one"), "b": File(b"x")})
    for name in ("a", "b"):
        os.utime(there / name, (1_000_000, 1_000_000))
    taken = open_it("plain", trust_mtime=True).snapshot()
    (there / "a").write_bytes(b"two")
    os.utime(there / "a", (1_000_000, 1_000_000))
    missed = open_it("plain", trust_mtime=True).changes_since(taken)
    (there / "b").write_bytes(b"y")

    assert not missed
    assert open_it("plain", trust_mtime=True).changes_since(taken).changed == ("b",)
    assert open_it("plain").changes_since(taken).changed == ("a", "b")


def test_a_file_just_written_is_not_trusted(there: Path, open_it: Open) -> None:
    """Within the second in which it was looked at, it may change without another time."""
    write_directory(there, {"a": File(b"one")})
    taken = open_it("plain", trust_mtime=True).snapshot()
    status = (there / "a").stat()
    (there / "a").write_bytes(b"two")
    os.utime(there / "a", ns=(status.st_atime_ns, status.st_mtime_ns))

    assert open_it("plain", trust_mtime=True).changes_since(taken).changed == ("a",)


@pytest.mark.parametrize("kind", ["fifo", "socket", "repository"])
def test_what_no_version_can_hold_is_refused_by_name(there: Path, open_it: Open, kind: str) -> None:
    """Fifos, sockets, and repositories inside."""
    (there / "deep").mkdir()
    if kind == "fifo":
        os.mkfifo(there / "deep" / "odd")
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(there / "deep" / "odd"))
    else:
        (there / "deep" / ".git").mkdir()

    with pytest.raises(UnsupportedFileError, match=r"deep/(odd|\.git)") as refusal:
        open_it().snapshot()

    assert refusal.value.hint


def test_nothing_is_written_through_a_symlink(there: Path, open_it: Open, tmp_path: Path) -> None:
    """A directory that became a symlink since is a directory again, and where it led is left alone."""
    outside = tmp_path / "outside"
    write_directory(outside, {"file": File(b"outside")})
    write_directory(there, {"inner/file": File(b"inside"), "other": File(b"inside")})
    taken = open_it().snapshot()
    write_directory(there, {"inner": Link(str(outside)), "other": Link(str(outside / "file"))})

    open_it().restore(taken)

    assert read_directory(outside) == {"file": File(b"outside")}
    assert read_directory(there) == {"inner/file": File(b"inside"), "other": File(b"inside")}


def test_a_large_file_is_one_version_wherever_its_hash_was_worked_out(there: Path, open_it: Open) -> None:
    """Of a file that is kept in blocks the object has another id than its hash; in another clone it is found out."""
    with (there / "large").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    taken = open_it("server").snapshot()
    shutil.rmtree(open_it().context.private)
    (there / "large").rename(there / "elsewhere")

    assert open_it("plain").changes_since(taken).added == ("elsewhere",)
    assert open_it("plain").restore(taken) == taken == open_it("server").current()


def test_a_server_that_is_full_is_one_clear_error_and_nothing_is_left_there(small: Path, open_it: Open) -> None:
    """No file that people see has changed, and what was written for the moment is gone."""
    big = {"big": File(os.urandom(1_500_000))}
    write_directory(small, big)
    taken = open_it().snapshot()
    now = {"other": File(os.urandom(1_000_000))}
    write_directory(small, now)

    with pytest.raises(RemoteFullError, match="no space is left") as refusal:
        open_it().restore(taken)

    assert refusal.value.hint and read_directory(small) == now


def test_a_disk_that_is_read_only_is_one_clear_error(small: Path, open_it: Open) -> None:
    """The hint tells of the setting by which nothing is ever written."""
    write_directory(small, {"a": File(b"a")})
    taken = open_it().snapshot()
    write_directory(small, {"a": File(b"b")})
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)

    with pytest.raises((RemoteReadOnlyError, RemoteForbiddenError)) as refusal:
        open_it().restore(taken)

    assert refusal.value.hint and read_directory(small) == {"a": File(b"b")}


def test_what_a_dead_command_left_is_no_content_and_is_removed(there: Path, open_it: Open) -> None:
    """By the next restore of this clone; what another clone has under way stays."""
    write_directory(there, {"a": File(b"a")})
    taken = open_it().snapshot()
    ours = subprocess.run(
        ["sh", "-c", "printf %s 0123456789abcdef0123456789abcdef | sha256sum"], check=True, capture_output=True, text=True
    ).stdout[:8]
    for name in (f".dws-staging-{ours}00000000", ".dws-staging-ffffffff00000000"):
        write_directory(there / name, {"0": File(b"half")})
    seen = open_it().changes_since(taken)
    (there / "a").write_bytes(b"b")

    open_it().restore(taken)

    assert not seen
    assert sorted(path.name for path in there.iterdir()) == [".dws-staging-ffffffff00000000", "a"]


def test_files_are_read_and_written_where_they_lie(there: Path, open_it: Open) -> None:
    """Listed, read in parts, sought in, written whole, removed."""
    content = os.urandom(5_000_000)
    write_directory(there, {"deep/large": File(content), "small": File(b"small"), "link": Link("deep/large")})
    files = open_it().files()

    with files.open("link") as opened:
        start = opened.read(10)
        opened.seek(-7, 2)
        end = opened.read()
        opened.seek(0)
        whole = opened.read()
    files.write("new/er/file", io.BytesIO(b"written"))
    files.remove("small")

    assert (start, end, whole == content) == (content[:10], content[-7:], True)
    assert files.read("deep/large", 4_999_990, 100) == content[-10:]
    assert sorted((each.path, each.is_directory) for each in files.list()) == [("deep", True), ("link", False), ("new", True)]
    assert (there / "new/er/file").read_bytes() == b"written" and not (there / "small").exists()
    for refused, error in ((lambda: files.read("deep"), IsADirectoryError), (lambda: [*files.list("link")], NotADirectoryError)):
        with pytest.raises(error):
            refused()


def test_nothing_is_written_where_that_was_ruled_out(there: Path, open_it: Open) -> None:
    """By a restore, which has the version seen, or through files."""
    write_directory(there, {"a": File(b"a")})
    taken = open_it(read_only=True).snapshot()
    write_directory(there, {"a": File(b"b")})

    open_it(read_only=True).restore(taken)
    with pytest.raises(ReadOnlyFilesError) as refusal:
        open_it(read_only=True).files().remove("a")

    assert isinstance(refusal.value, DwsError) and read_directory(there) == {"a": File(b"b")}
    assert open_it(read_only=True).files().read("a") == b"a"
    assert open_it(read_only=True).live() != taken
