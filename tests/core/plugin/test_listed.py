"""A type of which only a listing is recorded: what its versions tell, and what can be read of them."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dws_core.errors import (
    ContentNotKeptError,
    DamagedRecordError,
    EntryTakenError,
    PathRefusedError,
    ReadOnlyFilesError,
)
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import EntryKind, FileInfo, Files, Listed, ListedFiles, ListedResourceType, NoSettings
from dws_core.testing import make_context


@dataclass
class There:
    """What lies elsewhere: contents by path, of which some have no hash; symlinks and empty directories."""

    files: dict[str, bytes] = field(default_factory=dict)
    unhashed: set[str] = field(default_factory=set)
    more: list[Listed] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)


class Elsewhere(ListedResourceType[NoSettings]):
    """The resource of it."""

    there: There

    @property
    def origin(self) -> str:
        return "elsewhere"

    def check(self) -> None:
        pass

    def look(self, below: str = "") -> Iterator[Listed]:
        self.there.looks.append(below)
        for path, content in self.there.files.items():
            told = None if path in self.there.unhashed else f"sha256:{hashlib.sha256(content).hexdigest()}"
            yield Listed(os.fsencode(path), EntryKind.FILE, len(content), told, None if told else "2026-01-01")
        yield from self.there.more

    def present(self) -> Files:
        return _Present(self.resource.name, self.there)


class Trusting(Elsewhere):
    """One for which size and mark are as good as a hash."""

    trusts_marks = True


class _Present(ListedFiles):
    def __init__(self, name: str, there: There) -> None:
        super().__init__(name, lambda: there.files, lambda path: open(os.devnull, "rb"))  # noqa: SIM115, PTH123  # not opened here
        self._there = there

    def info(self, path: str) -> FileInfo:
        if path not in self._there.files:
            raise FileNotFoundError(path)
        return FileInfo(path, size=len(self._there.files[path]))

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        return self._there.files[path][start:][:length]


@pytest.fixture
def there() -> There:
    return There({"b/two": b"second", "a": b"first", "b/c/three": b"third", "bytes-\udcff": b"x"})


Open = Callable[..., Elsewhere]


@pytest.fixture
def open_it(tmp_path: Path, there: There) -> Open:
    """Open the resource, as each command does anew."""
    resource = Resource("data", Role.SOURCE_DATA, "elsewhere", "tests", {}, "2026-01-01T00:00:00Z", "0" * 64)

    def open_as(kind: type[Elsewhere] = Elsewhere) -> Elsewhere:
        made = kind(resource, NoSettings(), make_context(tmp_path))
        made.there = there
        return made

    return open_as


def test_a_version_is_the_listing_whatever_order_it_came_in(open_it: Open, there: There) -> None:
    """Equal ids mean equal listings; asking for it stores nothing that a snapshot would not."""
    asked = open_it().current()
    there.files = dict(reversed(there.files.items()))
    taken = open_it().snapshot()
    there.files["a"] = b"other"

    assert asked == taken != open_it().snapshot()
    assert open_it().needs(taken) == {taken.id} and not open_it().verify(taken)


def test_changes_are_told_between_versions_and_since_one(open_it: Open, there: There) -> None:
    """Added, removed, changed, and a file that becomes a program."""
    there.more = [Listed(b"empty", EntryKind.DIRECTORY), Listed(b"link", EntryKind.SYMLINK, 1, "sha256:x")]
    old = open_it().snapshot()
    there.files = {"a": b"FIRST", "b/two": b"second", "bytes-\udcff": b"x", "new": b"n"}
    there.more = [Listed(b"link", EntryKind.SYMLINK, 1, "sha256:y")]
    since = open_it().changes_since(old)
    new = open_it().snapshot()

    assert since == open_it().compare(old, new)
    assert (since.added, since.changed, since.removed) == (("new",), ("a", "link"), ("b/c/three", "empty"))
    assert since.bytes == 7
    assert open_it().compare(None, new).added == ("a", "b/two", "bytes-\udcff", "link", "new")


def test_a_change_of_one_file_in_many_costs_one_chunk(open_it: Open, there: There, tmp_path: Path) -> None:
    """What a snapshot stores is what changed, with the chunk that it is in."""
    there.files = {f"{number % 100}/{number}": b"%d" % number for number in range(20_000)}
    first = open_it().snapshot()
    before = _stored(tmp_path)
    there.files["7/1007"] = b"other"
    second = open_it().snapshot()

    assert open_it().compare(first, second).changed == ("7/1007",)
    assert _stored(tmp_path) - before < before / 4


def _stored(root: Path) -> int:
    return sum(path.stat().st_size for path in (root / ".dataworkspace" / "local" / "objects").rglob("*") if path.is_file())


def test_a_file_of_which_nothing_is_known_counts_as_changed(open_it: Open, there: There) -> None:
    """Each look is another version, rather than that a change is missed; directories need no hash."""
    there.more = [Listed(b"empty", EntryKind.DIRECTORY)]
    there.unhashed = {"a"}
    taken = open_it().snapshot()

    assert open_it().changes_since(taken).changed == ("a",)
    assert open_it().current() != taken


def test_marks_count_where_the_type_trusts_them(open_it: Open, there: There) -> None:
    """Then a change that keeps size and mark is missed, and one that does not is seen."""
    there.unhashed = {"a"}
    taken = open_it(Trusting).snapshot()
    there.files["a"] = b"FIRST"
    missed = open_it(Trusting).current()
    there.files["a"] = b"longer"

    assert missed == taken != open_it(Trusting).current()


def test_a_hash_that_was_not_there_is_a_change(open_it: Open, there: There) -> None:
    """With a hash on one side alone, nothing says that content is equal."""
    there.unhashed = {"a"}
    taken = open_it(Trusting).snapshot()
    there.unhashed = set()

    assert open_it(Trusting).changes_since(taken).changed == ("a",)


def test_a_recorded_version_is_listed_with_its_sizes(open_it: Open, there: There) -> None:
    """Without looking at what lies there now."""
    there.more = [Listed(b"empty", EntryKind.DIRECTORY), Listed(b"link", EntryKind.SYMLINK, 1, "sha256:x")]
    files = open_it().files(open_it().snapshot())
    there.files, there.looks = {}, []

    assert {each.path: (each.is_directory, each.size) for each in files.list()} == {
        "a": (False, 5),
        "b": (True, 0),
        "bytes-\udcff": (False, 1),
        "empty": (True, 0),
        "link": (False, 0),
    }
    assert [each.path for each in files.list("b/c")] == ["b/c/three"] and [*files.list("empty")] == []
    for ask in (files.info, files.read, files.open, files.version):
        with pytest.raises(FileNotFoundError):
            ask("no/such")
    with pytest.raises(NotADirectoryError):
        [*files.list("a")]
    with pytest.raises(IsADirectoryError):
        files.read("b")
    assert there.looks == []


def test_its_files_are_read_while_they_are_what_was_recorded(open_it: Open, there: There) -> None:
    """In parts and as a whole; looked up anew each time."""
    taken = open_it().snapshot()
    files = open_it().files(taken)

    assert files.read("b/two", 1, 3) == b"eco"
    with open_it().open(taken, "b/two") as file:
        assert (file.read(), file.seek(3), file.read()) == (b"second", 3, b"ond")
    assert files.version("a") == open_it().current("a").id and files.version("b") == open_it().current("b").id
    assert there.looks[-1] == "b"


@pytest.mark.parametrize("now", [b"other", b"longer than it was", None])
def test_what_is_not_the_same_any_more_is_refused(open_it: Open, there: There, now: bytes | None) -> None:
    """With the file's name, and where to read what is there now."""
    files = open_it().files(open_it().snapshot())
    if now is None:
        del there.files["a"]
    else:
        there.files["a"] = now

    for ask in (files.read, files.open):
        with pytest.raises(ContentNotKeptError, match="a cannot be read") as refusal:
            ask("a")
        assert "dws://data/a" in str(refusal.value.hint)
    assert files.read("b/two") == b"second"


def test_what_is_written_to_while_it_is_read_is_refused(open_it: Open, there: There) -> None:
    """What was opened is what was recorded, to its end."""
    file = open_it().files(open_it().snapshot()).open("a")
    there.files["a"] = b"longer"

    with file, pytest.raises(ContentNotKeptError):
        file.read()


def test_what_has_no_hash_cannot_be_read_as_recorded(open_it: Open, there: There) -> None:
    """Not even where marks are trusted: a version never gives other bytes."""
    there.unhashed = {"a"}
    files = open_it(Trusting).files(open_it(Trusting).snapshot())

    with pytest.raises(ContentNotKeptError):
        files.read("a")
    with pytest.raises(ReadOnlyFilesError):
        files.remove("a")


def test_two_things_at_one_path_are_refused_by_name(open_it: Open, there: There) -> None:
    """Some services allow it; a listing would tell of one alone."""
    there.more = [Listed(b"a", EntryKind.FILE, 9, "sha256:x")]

    with pytest.raises(EntryTakenError, match="a is there already"):
        open_it().snapshot()


@pytest.mark.parametrize("path", [b"../out", b"/etc/passwd", b"a//b", b".git/config"])
def test_a_path_that_leads_elsewhere_is_refused(open_it: Open, there: There, path: bytes) -> None:
    """When it is recorded, as when it is read."""
    there.more = [Listed(path)]

    with pytest.raises(PathRefusedError):
        open_it().snapshot()


@pytest.mark.parametrize("row", [b'["a","fifo",1,null,null]', b'["a","file",-1,null,null]', b'["a","file",1,2,null]', b"[1]"])
def test_a_strangers_listing_is_not_believed(open_it: Open, there: There, tmp_path: Path, row: bytes) -> None:
    """Whatever is not as we write it is one clear error, never a row."""
    place = tmp_path / "made"
    place.mkdir()
    (place / "00000000").write_bytes(b"[\n" + row + b"\n]\n")
    (place / "index").write_bytes(b'{"format": 1, "chunks": [\n["a",1,1]\n]}\n')
    made = open_it()
    version = Version(made.context.objects.store(place))

    with pytest.raises(DamagedRecordError, match="manifest"):
        made.compare(None, version)
    assert made.verify(replace(version, id="0" * 64))
