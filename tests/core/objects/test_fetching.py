"""Fetching from a store: all that is missing and little besides, by the shortest way, and never half."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dws_core.errors import FileAccessError
from dws_core.objects import Fetched, Harm, fetch, lacking
from dws_core.objects.layout import BLOCK, BLOCKS_ABOVE
from dws_core.plugin import StoreContext
from dws_core.testing.context import Silence
from dws_core.testing.faults import Fault, interruptions
from tests.core.objects.sharing import Clone, Share, kept_files, open_share, place, some_files


@pytest.fixture
def ada(tmp_path: Path) -> Clone:
    return Clone(tmp_path, "ada")


@pytest.fixture
def bob(tmp_path: Path) -> Clone:
    return Clone(tmp_path, "bob")


@pytest.fixture
def share(tmp_path: Path) -> Share:
    return open_share(tmp_path)


def test_a_pack_of_which_most_is_wanted_comes_whole(ada: Clone, bob: Clone, share: Share) -> None:
    """It becomes the clone's own, with a true index beside it; the tree came first, which tells what is wanted."""
    tree = ada.keep({f"{number}": os.urandom(60_000) for number in range(200)})
    ada.send(share, tree)

    fetched = bob.fetch(share, tree)

    assert fetched.objects == 201 + 1 and fetched.lacking == frozenset()
    assert [verb for verb, name in share.asked if name.endswith(".pack")] == ["put", "fetch", "read", "fetch"]
    packs, mine = ((clone.top / "objects" / "packs") for clone in (ada, bob))
    for path in packs.iterdir():
        assert (mine / path.name).read_bytes() == path.read_bytes()
    assert bob.objects.check().damages == []


def test_of_a_large_pack_of_which_little_is_wanted_only_that_comes(ada: Clone, bob: Clone, share: Share) -> None:
    """What lies near each other comes at once; the rest stays where it is."""
    whole = ada.keep({f"{number}": os.urandom(60_000) for number in range(200)} | some_files(100))
    part = next(entry.id for entry in ada.objects.entries(whole) if entry.path == "even")
    ada.send(share, whole)
    share.asked.clear()

    fetched = bob.fetch(share, part)

    assert fetched.objects == 51 and fetched.bytes < 200_000
    assert share.count("fetch") == 0 and share.count("read", ".pack") < 10
    assert len(bob.read(part)) == 50


def test_a_large_file_comes_by_blocks_that_are_not_here(ada: Clone, bob: Clone, share: Share) -> None:
    """Blocks that two versions have in common come once."""
    content = b"".join(bytes([number]) * BLOCK for number in range(BLOCKS_ABOVE // BLOCK)) + b"end"
    first, second = ada.keep({"large": content}), ada.keep({"large": content[:-3] + b"END"})
    ada.send(share, first, second)
    bob.fetch(share, first)

    fetched = bob.fetch(share, second)

    assert fetched.objects <= 3 and fetched.bytes < 2_000
    assert bob.read(second) == {"large": content[:-3] + b"END"}


def test_the_store_is_not_asked_when_all_is_here(ada: Clone, share: Share, tmp_path: Path) -> None:
    """A pull that brings nothing new costs no connection."""
    tree = ada.keep(some_files(10))
    shutil.rmtree(place(tmp_path))
    place(tmp_path).write_text("no directory")

    assert ada.fetch(share, tree) == Fetched(0, 0)


def test_what_nobody_sent_is_named_and_the_rest_comes(ada: Clone, bob: Clone, share: Share, tmp_path: Path) -> None:
    """A root that is not whole afterwards is lacking, whether nothing of it came or a part."""
    middling = os.urandom(100_000)
    there, partly = ada.keep(some_files(5)), ada.keep({"middling": middling, "a": b"a"})
    ada.send(share, there, partly)
    (lost,) = [path for path in kept_files(tmp_path, "") if "loose" in path.parts]
    lost.unlink()
    never = ada.keep({"never": b"sent"})

    fetched = bob.fetch(share, there, partly, never, "0" * 64)

    assert fetched.lacking == {partly, never, "0" * 64}
    assert len(bob.read(there)) == 5


def test_a_store_of_which_there_is_no_place_has_nothing(bob: Clone, tmp_path: Path) -> None:
    """That is no error: somebody has yet to push."""
    share = Share((tmp_path / "nowhere").as_uri(), StoreContext(tmp_path, Silence()))

    assert bob.fetch(share, "0" * 64).lacking == {"0" * 64}


@pytest.mark.parametrize("fault", Fault)
def test_ended_anywhere_what_came_stays_and_nothing_is_half(ada: Clone, tmp_path: Path, fault: Fault) -> None:
    """The object store is sound after each death, and done again, everything comes."""
    files = {**some_files(20), "middling": os.urandom(70_000), "deep/er/file": b"x"}
    trees = [ada.keep(files), ada.keep(some_files(5))]
    share = open_share(tmp_path)
    ada.send(share, trees[0])
    ada.send(share, trees[1])
    number = 0

    def prepare() -> None:
        nonlocal number
        number += 1

    def work() -> None:
        Clone(tmp_path, f"bob-{number}").fetch(share, *trees)

    for where in interruptions(fault, prepare, work, tmp_path / "scratch", most=16):
        bob = Clone(tmp_path, f"bob-{number}")
        # Of a pack and its index, one is put in place before the other.
        assert {damage.harm for damage in bob.objects.check().damages} <= {Harm.INDEX, Harm.LOST_PACK}, where
        assert bob.fetch(share, *trees).lacking == frozenset(), where
        assert bob.read(trees[0]) == files, where
        assert bob.objects.check().damages == [], where
        bob.objects.put(b"more")
        assert [*(bob.top / "objects").rglob("tmp-*")] == [], where


def test_what_many_pushes_left_comes_into_few_packs(ada: Clone, bob: Clone, share: Share) -> None:
    """Each small push leaves a small pack in the store; a clone that gets them all does not keep as many files."""
    trees = []
    for number in range(20):
        trees.append(ada.keep({"same": b"same", "other": b"%d" % number}))
        ada.send(share, trees[-1])

    fetched = bob.fetch(share, *trees)

    assert (fetched.objects, fetched.lacking) == (41, frozenset())
    assert len([*(bob.top / "objects" / "packs").glob("*.pack")]) == 1
    assert [bob.read(tree)["other"] for tree in trees] == [b"%d" % number for number in range(20)]
    assert bob.objects.check().damages == []


def test_what_came_before_a_death_does_not_come_again(ada: Clone, bob: Clone, share: Share, tmp_path: Path) -> None:
    """A second fetch brings the rest only."""
    files = {f"{number}": os.urandom(70_000) for number in range(40)}
    tree = ada.keep(files)
    ada.send(share, tree)
    away = [path for path in kept_files(tmp_path, "") if "loose" in path.parts][:15]
    for path in away:
        path.rename(tmp_path / f"{path.parent.name}{path.name}")
    first = bob.fetch(share, tree)
    for path in away:
        (tmp_path / f"{path.parent.name}{path.name}").rename(path)

    second = bob.fetch(share, tree)

    assert (first.objects, second.objects) == (26, 15)
    assert first.lacking == {tree} and second.lacking == frozenset()


def test_content_that_does_not_fit_is_refused_before_a_byte_comes(ada: Clone, share: Share, small_disk: Path) -> None:
    """The error tells both numbers, and that there is room elsewhere."""
    tree = ada.keep({f"{number}": os.urandom(60_000) for number in range(80)})
    ada.send(share, tree)
    bob = Clone(small_disk, "bob")

    with pytest.raises(FileAccessError, match=r"bytes are needed, and [\d,]+ are free"):
        bob.fetch(share, tree)

    assert not [path for path in (bob.top / "objects").rglob("*") if path.is_file() and path.stat().st_size > 100_000]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False).returncode:
        pytest.skip("needs root: run the tests as root in a container that may mount a small file system")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_lacking_is_told_of_every_kind_of_object(ada: Clone, bob: Clone, share: Share) -> None:
    """The root itself, a file below it, a tree below it, a block of a large file; a whole root is not lacking."""
    large = bytes(BLOCKS_ABOVE) + b"end"
    trees = {
        "whole": ada.keep({"a": b"a"}),
        "file": ada.keep({"below/middling": b"m" * 70_000}),
        "block": ada.keep({"below/large": large}),
        "beside": ada.keep({"x/below/middling": b"m" * 70_000, "y": b"y"}),
    }
    ada.send(share, *trees.values())
    bob.fetch(share, *trees.values())
    for digest in (hashlib.sha256(b"m" * 70_000).hexdigest(), hashlib.sha256(bytes(BLOCK)).hexdigest()):
        (bob.top / "objects" / "loose" / digest[:2] / digest[2:]).unlink()

    told = lacking(bob.objects, [*trees.values(), "0" * 64])

    assert told == {trees["file"], trees["block"], trees["beside"], "0" * 64}
    assert lacking(ada.objects, trees.values()) == frozenset()


def test_the_same_is_fetched_again_once_it_was_removed(ada: Clone, bob: Clone, share: Share) -> None:
    """What a clone knows of a store does not make it believe that it has the content."""
    tree = ada.keep(some_files(10))
    ada.send(share, tree)
    bob.fetch(share, tree)
    shutil.rmtree(bob.top / "objects")

    assert fetch(bob.objects, [tree], share, bob.private(share), Silence()).objects == 13
    assert len(bob.read(tree)) == 10
