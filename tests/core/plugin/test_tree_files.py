"""The files of a stored tree: links are followed in it, and large trees cost what is looked at."""

from pathlib import Path

import pytest

from dws_core.objects import ObjectStore
from dws_core.plugin import Entry, TreeFiles
from dws_core.testing.context import Silence


class Counting(ObjectStore):
    """An object store that counts the directories that it reads."""

    read = 0

    def children(self, tree: str) -> "list[Entry]":  # type: ignore[override]  # a list is iterated as well
        self.read += 1
        return [*super().children(tree)]


@pytest.fixture
def objects(tmp_path: Path) -> Counting:
    return Counting(tmp_path / "objects", tmp_path / "caches", Silence())


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    top = tmp_path / "content"
    (top / "a" / "b").mkdir(parents=True)
    (top / "a" / "b" / "file").write_bytes(b"content")
    return top


@pytest.mark.parametrize("target", ["a/b/file", "./a/../a/b/file", "second", "into/b/file"])
def test_a_link_is_what_it_leads_to(objects: Counting, directory: Path, target: str) -> None:
    (directory / "second").symlink_to("a/b/file")
    (directory / "into").symlink_to("a")
    (directory / "link").symlink_to(target)
    files = TreeFiles("data", objects, objects.store(directory))

    assert (files.read("link"), files.info("link").size) == (b"content", 7)
    assert [each.path for each in files.list("into/b")] == ["into/b/file"]
    assert {each.path: each.is_directory for each in files.list()} == {"a": True, "into": True, "link": False, "second": False}


@pytest.mark.parametrize("target", ["nowhere", "../outside", "/etc/passwd", "link", "a/../../content/a/b/file", "a/b/file/below"])
def test_a_link_that_leads_nowhere_in_the_tree_is_not_followed(objects: Counting, directory: Path, target: str) -> None:
    """Whatever lies there on this machine."""
    (directory.parent / "outside").write_bytes(b"secret")
    (directory / "link").symlink_to(target)
    files = TreeFiles("data", objects, objects.store(directory))

    for ask in (files.info, files.read, files.open):
        with pytest.raises(FileNotFoundError):
            ask("link")
    assert [each.path for each in files.list() if not each.is_directory] == ["link"]


def test_reading_all_of_a_large_directory_reads_it_once(objects: Counting, directory: Path) -> None:
    for number in range(2000):
        (directory / "a" / str(number)).write_bytes(b"1")
    files = TreeFiles("data", objects, objects.store(directory))

    found = [each.path for each in files.list("a") if not each.is_directory]
    assert {files.read(path) for path in found} == {b"1"} and len(found) == 2000

    assert objects.read == 2
