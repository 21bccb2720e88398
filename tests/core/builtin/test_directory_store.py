"""A directory as a store: where it is, who may read it, and what strangers, dead writers and disks do to it."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from dws_core.builtin.directory_store.hooks import dws_stores
from dws_core.builtin.directory_store.store import DirectoryStore
from dws_core.errors import (
    DwsError,
    EntryTakenError,
    FileAccessError,
    InvalidSettingError,
    PathRefusedError,
    StoreAwayError,
    UnstableFileError,
)
from dws_core.plugin import StoreContext
from dws_core.testing.context import Silence

_DAY = 24 * 60 * 60


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return tmp_path.resolve() / "share"


@pytest.fixture
def store(top: Path) -> DirectoryStore:
    store = _open(top)
    store.prepare()
    return store


def _open(top: Path) -> DirectoryStore:
    return DirectoryStore(top.as_uri(), StoreContext(top.with_name("private"), Silence()))


def _put(store: DirectoryStore, name: str, content: bytes = b"content") -> None:
    store.put(name, io.BytesIO(content), len(content))


def test_it_is_the_store_of_file_urls() -> None:
    """The scheme is the name by which it is found."""
    assert [(each.name, each.implementation) for each in dws_stores()] == [
        ("file", f"{DirectoryStore.__module__}:{DirectoryStore.__qualname__}")
    ]


@pytest.mark.parametrize(
    ("said", "recorded"),
    [
        ("/mnt/share", "file:///mnt/share"),
        ("../share", "file:///home/share"),
        ("share/", "file:///home/ada/share"),
        ("a b#c?d%41", "file:///home/ada/a%20b%23c%3Fd%2541"),
        ("caf\u00e9", "file:///home/ada/caf%C3%A9"),
        ("\udcff", "file:///home/ada/%FF"),
        ("//mnt//share/./x/..", "file:///mnt/share"),
        ("file:///mnt/a%20b", "file:///mnt/a%20b"),
        ("FILE://LOCALHOST/mnt/x/", "file:///mnt/x"),
        ("file:/mnt/x", "file:///mnt/x"),
        ("file:////mnt/../x", "file:///x"),
    ],
)
def test_a_path_or_a_url_is_recorded_as_a_url(said: str, recorded: str) -> None:
    """K1: the same place has one form, which names that place again."""
    assert DirectoryStore.check_url(said, Path("/home/ada")) == recorded
    assert DirectoryStore.check_url(recorded, Path("/elsewhere")) == recorded


def test_a_tilde_is_the_home_of_who_says_it(tmp_path: Path) -> None:
    """K1: as every shell has it."""
    assert DirectoryStore.check_url("~/share", tmp_path) == (Path.home() / "share").as_uri()


@pytest.mark.parametrize(
    "said",
    ["", "file://", "file:share", "file://server/share", "file://ada:secret@server/x", "other://x/y", "a\0b", "file:///a%00"],
)
def test_what_names_no_directory_of_this_machine_is_refused(said: str, tmp_path: Path) -> None:
    """K1: an error that says what is taken, and holds whoever said it to that."""
    with pytest.raises(InvalidSettingError) as refused:
        DirectoryStore.check_url(said, tmp_path)

    assert "file:///" in str(refused.value.hint)


def test_a_user_that_does_not_exist_has_no_home(tmp_path: Path) -> None:
    """K1: that is an error, and not a directory with a tilde in its name."""
    with pytest.raises(InvalidSettingError):
        DirectoryStore.check_url("~nobody-has-this-name/share", tmp_path)


def test_where_the_directory_above_is_missing_nothing_is_made(tmp_path: Path) -> None:
    """K2: a share that is not mounted must not become a directory of the local disk."""
    store = _open(tmp_path / "mnt" / "share")

    with pytest.raises(StoreAwayError, match="mnt") as refused:
        store.prepare()

    assert "mount" in str(refused.value.hint)
    assert not (tmp_path / "mnt").exists()


def test_a_share_that_has_gone_is_told_when_something_is_put(store: DirectoryStore, top: Path) -> None:
    """K6: nothing is made where the share was; nothing is kept there then."""
    top.rmdir()

    with pytest.raises(StoreAwayError, match="share"):
        _put(store, "packs/a")

    assert not top.exists() and [*store.list("")] == []


@pytest.mark.parametrize("kind", ["file", "directory"])
def test_a_file_where_a_directory_should_be_is_named(top: Path, kind: str) -> None:
    """K2, K6: and the other way round; neither is touched."""
    if kind == "file":
        top.write_text("mine")
        with pytest.raises(FileAccessError, match="share"):
            _open(top).prepare()
        with pytest.raises(FileAccessError, match="share"):
            _put(_open(top), "packs/a")
        assert top.read_text() == "mine"
    else:
        (top / "packs" / "a").mkdir(parents=True)
        with pytest.raises(EntryTakenError, match="packs/a"):
            _put(_open(top), "packs/a")


@pytest.mark.parametrize(
    "name", ["../a", "/etc/passwd", "a//b", "a/../b", "A", ".a", "a/.b", "", "a\0", "a b", "caf\u00e9", "-a"]
)
def test_what_is_no_name_is_refused(store: DirectoryStore, tmp_path: Path, name: str) -> None:
    """No name leads out of the store."""
    attempts: list[Callable[[], object]] = [
        lambda: _put(store, name),
        lambda: store.read(name),
        lambda: store.fetch(name, io.BytesIO()),
    ]

    for attempt in attempts:
        with pytest.raises(PathRefusedError):
            attempt()

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["share"]


def test_others_may_read_what_umask_lets_them(top: Path) -> None:
    """A store is there for everybody who shares it."""
    code = (
        "import io, os, pathlib, sys; os.umask(0o002)\n"
        "from dws_core.builtin.directory_store.store import DirectoryStore\n"
        "from dws_core.plugin import StoreContext\n"
        "store = DirectoryStore(sys.argv[1], StoreContext(pathlib.Path('/nowhere'), None))\n"
        "store.prepare(); store.put('loose/ab/c', io.BytesIO(b'x'), 1)\n"
    )

    subprocess.run([sys.executable, "-c", code, top.as_uri()], check=True)

    assert [path.stat().st_mode & 0o777 for path in (top, top / "loose", top / "loose" / "ab")] == [0o775] * 3
    assert (top / "loose" / "ab" / "c").stat().st_mode & 0o777 == 0o664


def test_what_a_dead_writer_left_is_not_listed_and_goes_after_a_day(store: DirectoryStore, top: Path) -> None:
    """A writer of today may be alive on another machine; what is not ours stays for ever."""
    _put(store, "loose/ab/c")
    names = {each: top / "loose" / "ab" / each for each in (f".dws-put-{'0' * 24}", f".dws-put-{'1' * 24}", ".mine")}
    for path in names.values():
        path.write_bytes(b"half")
    now = (top / "loose" / "ab" / "c").stat().st_mtime
    os.utime(names[f".dws-put-{'0' * 24}"], (now - 2 * _DAY, now - 2 * _DAY))
    os.utime(names[".mine"], (now - 2 * _DAY, now - 2 * _DAY))

    store.prepare()

    assert [kept.name for kept in store.list("")] == ["loose/ab/c"]
    assert sorted(path.name for path in (top / "loose" / "ab").iterdir()) == [f".dws-put-{'1' * 24}", ".mine", "c"]


def test_nothing_is_reached_through_a_symlink(store: DirectoryStore, top: Path, tmp_path: Path) -> None:
    """A stranger may have made one, of a file or of a directory."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "file").write_text("secret")
    (top / "packs").symlink_to(secret)
    (top / "loose").mkdir()
    (top / "loose" / "a").symlink_to(secret / "file")

    assert [*store.list("")] == [*store.list("packs/")] == [*store.list("loose/")] == []
    with pytest.raises(FileNotFoundError):
        store.read("loose/a")
    with pytest.raises(PathRefusedError):
        store.read("packs/file")
    with pytest.raises(EntryTakenError):
        _put(store, "loose/a")
    with pytest.raises(PathRefusedError):
        _put(store, "packs/new")
    assert [path.name for path in secret.iterdir()] == ["file"] and (secret / "file").read_text() == "secret"


def test_a_fifo_does_not_hold_a_reader_up(store: DirectoryStore, top: Path) -> None:
    """What is no file is not kept there."""
    (top / "packs").mkdir()
    os.mkfifo(top / "packs" / "a")

    assert [*store.list("packs/")] == []
    with pytest.raises(FileNotFoundError):
        store.read("packs/a")


def test_content_that_ends_too_early_is_an_error(store: DirectoryStore, top: Path) -> None:
    """K6: whole or not at all, and nothing is left."""
    with pytest.raises(UnstableFileError):
        store.put("packs/a", io.BytesIO(b"short"), 10)

    assert [*(top / "packs").iterdir()] == []


def test_a_full_disk_is_named_and_leaves_nothing(small_disk: Path) -> None:
    """K6: the message names the store's directory; what was kept before stays, and what fits can still be put."""
    store = _open(small_disk / "share")
    store.prepare()
    _put(store, "packs/before", bytes(100_000))

    with pytest.raises(FileAccessError, match=str(small_disk)) as refused:
        _put(store, "packs/large", bytes(3_000_000))
    _put(store, "packs/after", bytes(100_000))

    assert "free some space" in str(refused.value.hint)
    assert sorted(path.name for path in (small_disk / "share" / "packs").iterdir()) == ["after", "before"]


def test_a_read_only_disk_is_named(small_disk: Path) -> None:
    """K2, K6: nothing can be kept there, though everything can be read."""
    _open(small_disk / "share").prepare()
    _put(_open(small_disk / "share"), "packs/before")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    attempts: list[Callable[[], None]] = [
        lambda: _open(small_disk / "share").prepare(),
        lambda: _put(_open(small_disk / "share"), "packs/new"),
    ]
    for attempt in attempts:
        with pytest.raises(DwsError, match=str(small_disk)) as refused:
            attempt()
        assert "read-only" in str(refused.value.hint)
    assert _open(small_disk / "share").read("packs/before") == b"content"
    _put(_open(small_disk / "share"), "packs/before")


def test_a_disk_without_hard_links_will_do(linkless_disk: Path) -> None:
    """K6: a name that is taken stays as it is there too."""
    store = _open(linkless_disk / "share")
    store.prepare()

    _put(store, "packs/0a1b.pack", b"first")
    _put(store, "packs/0a1b.pack", b"second")

    assert store.read("packs/0a1b.pack") == b"first"
    assert [path.name for path in (linkless_disk / "share" / "packs").iterdir()] == ["0a1b.pack"]


@pytest.fixture
def linkless_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that knows no hard links, as memory sticks have."""
    image, mounted = tmp_path.resolve() / "image", tmp_path.resolve() / "mounted"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(8_000_000)
    if _fails(["mkfs.exfat", image]):
        pytest.skip("needs exfat: apt-get install exfat-fuse exfatprogs")
    found = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, text=True, check=False)
    device = found.stdout.strip()
    try:
        if found.returncode or _fails(["mount.exfat-fuse", device, mounted]):
            pytest.skip("needs exfat: apt-get install exfat-fuse exfatprogs, and run the tests as root with /dev/fuse")
        try:
            yield mounted
        finally:
            subprocess.run(["umount", mounted], check=True)
    finally:
        if device:
            subprocess.run(["losetup", "--detach", device], check=True)


def _fails(command: Sequence[str | Path]) -> bool:
    try:
        return bool(subprocess.run(command, capture_output=True, check=False).returncode)
    except FileNotFoundError:
        return True


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path.resolve() / "small"
    place.mkdir()
    if _fails(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place]):
        pytest.skip("needs root: run the tests as root in a container that may mount a small file system")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
