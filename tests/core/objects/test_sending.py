"""Sending to a store: all that is wanted and nothing besides, whole, and read back before it counts."""

import hashlib
import io
import multiprocessing
import os
from collections import Counter
from pathlib import Path
from typing import BinaryIO

import pytest

from dws_core.errors import DamagedObjectError, DamagedStoreError, MissingObjectError
from dws_core.objects import Sent, lacking
from dws_core.objects.layout import BLOCK, BLOCKS_ABOVE
from dws_core.plugin import StoreContext
from dws_core.testing.context import Silence
from dws_core.testing.faults import Fault, interruptions
from tests.core.objects.sharing import Clone, Share, damage, kept_files, open_share, place, some_files


@pytest.fixture
def ada(tmp_path: Path) -> Clone:
    return Clone(tmp_path, "ada")


@pytest.fixture
def bob(tmp_path: Path) -> Clone:
    return Clone(tmp_path, "bob")


@pytest.fixture
def share(tmp_path: Path) -> Share:
    return open_share(tmp_path)


def test_what_was_sent_is_all_that_another_clone_needs(ada: Clone, bob: Clone, share: Share) -> None:
    """Small files, middling ones and empty directories alike."""
    files = {**some_files(50), "middling": os.urandom(300_000), "empty": b""}
    tree = ada.keep(files)

    sent = ada.send(share, tree)

    assert bob.fetch(share, tree).lacking == frozenset()
    assert bob.read(tree) == files
    assert sent.objects == 52 + 3


def test_a_large_file_is_sent_by_blocks(ada: Clone, bob: Clone, share: Share) -> None:
    """Blocks that were sent before are not sent again."""
    content = b"".join(bytes([number]) * BLOCK for number in range(BLOCKS_ABOVE // BLOCK)) + b"end"
    first, second = ada.keep({"large": content}), ada.keep({"large": content[:-3] + b"END"})
    whole = ada.send(share, first)

    more = ada.send(share, second)

    assert whole.bytes > BLOCKS_ABOVE and more.objects == 3 and more.bytes < 2_000
    bob.fetch(share, second, first)
    assert bob.read(second) == {"large": content[:-3] + b"END"}


def test_a_second_push_sends_only_what_is_new(ada: Clone, share: Share) -> None:
    """What the store has is neither sent nor read again."""
    files = some_files(40)
    ada.send(share, ada.keep(files))
    tree = ada.keep(files | {"new": b"new"})
    share.asked.clear()

    sent, again = ada.send(share, tree), ada.send(share, tree)

    assert sent.objects == 2 and sent.bytes < 1_000
    assert again == Sent(0, 0)
    assert Counter(verb for verb, _ in share.asked) == {"put": 2, "fetch": 2}


def test_what_somebody_else_sent_is_read_through_once(ada: Clone, bob: Clone, share: Share) -> None:
    """Content counts only once its hash was checked; then it is not sent again."""
    files = {**some_files(10), "middling": os.urandom(100_000)}
    ada.send(share, ada.keep(files))
    tree = bob.keep(files)
    share.asked.clear()

    assert [bob.send(share, tree), bob.send(share, tree)] == [Sent(0, 0), Sent(0, 0)]

    assert Counter(share.asked).values() and share.count("put") == 0
    assert share.count("fetch", ".pack") == share.count("fetch", "loose/") == 1


def test_content_of_the_undo_log_never_leaves(ada: Clone, share: Share, tmp_path: Path) -> None:
    """A pack of undo state is not sent; what is wanted and lies only there is put into another."""
    objects = ada.objects
    secret = os.urandom(30_000)
    (ada.content / "wanted").write_bytes(b"wanted")
    with objects.aside():
        tree = objects.store(ada.content)
        objects.put(secret)

    ada.send(share, tree)

    assert not any(secret in path.read_bytes() for path in kept_files(tmp_path, ""))
    assert Clone(tmp_path, "bob").fetch(share, tree).lacking == frozenset()


def test_what_lies_scattered_is_sent_in_one_pack(ada: Clone, share: Share, tmp_path: Path) -> None:
    """Ten snapshots made ten small packs; a store need not hold so many, nor what nobody wants of them."""
    trees = [ada.keep({"file": b"%d" % number * 100, "unwanted": os.urandom(10)}) for number in range(10)]

    sent = ada.send(share, *trees[:8])

    assert len(kept_files(tmp_path, ".pack")) == len(kept_files(tmp_path, ".index")) == 1
    assert sent.objects == 24
    assert [*(ada.private(share) / "gathered").iterdir()] == []


def test_a_large_pack_of_which_little_is_wanted_stays_here(ada: Clone, share: Share, tmp_path: Path) -> None:
    """Only what is wanted of it is sent."""
    whole = ada.keep({f"{number}": os.urandom(60_000) for number in range(80)} | {"part/file": b"wanted"})
    part = next(entry.id for entry in ada.objects.entries(whole) if entry.path == "part")

    sent = ada.send(share, part)

    assert sent.objects == 2 and sent.bytes < 1_000


def test_a_large_pack_is_sent_as_it_is(ada: Clone, share: Share, tmp_path: Path) -> None:
    """Most of it is wanted, so that it need not be written anew."""
    tree = ada.keep({f"{number}": os.urandom(60_000) for number in range(80)})

    ada.send(share, tree)

    (pack,) = kept_files(tmp_path, ".pack")
    assert pack.read_bytes() == (ada.top / "objects" / "packs" / pack.name).read_bytes()


def test_what_is_no_object_here_is_passed_by(ada: Clone, share: Share, tmp_path: Path) -> None:
    """A version may name what lies elsewhere."""
    assert ada.send(share, "0" * 64) == Sent(0, 0)

    assert kept_files(tmp_path, "") == []


def test_what_is_neither_here_nor_there_is_an_error_and_what_is_there_is_none(ada: Clone, share: Share) -> None:
    """A clone that fetched a part may push what it has, as long as the store has the rest."""
    middling = os.urandom(100_000)
    tree = ada.keep({"middling": middling, "small": b"small"})
    digest = hashlib.sha256(middling).hexdigest()
    (ada.top / "objects" / "loose" / digest[:2] / digest[2:]).unlink()

    with pytest.raises(MissingObjectError, match=digest):
        ada.send(share, tree)
    share.put(f"loose/{digest[:2]}/{digest[2:]}", io.BytesIO(middling), 100_000)

    assert ada.send(share, tree).objects == 2


def test_a_tree_that_came_along_without_what_lies_below_it_can_be_pushed(ada: Clone, bob: Clone, share: Share) -> None:
    """A small pack comes whole, with trees that nobody asked for; the store has the rest of them."""
    first, other = {"below/er/a": b"a", "below/middling": os.urandom(70_000)}, {"b": b"b"}
    below = ada.keep({path.removeprefix("below/"): content for path, content in first.items()})
    ada.send(share, below)
    tree, wanted = ada.keep(first), ada.keep(other)
    ada.send(share, tree, wanted)
    bob.fetch(share, wanted)
    assert lacking(bob.objects, [tree, wanted]) == {tree} and bob.objects.missing(tree)

    assert bob.send(share, tree) == Sent(0, 0)


@pytest.mark.parametrize("fault", Fault)
def test_ended_anywhere_nothing_is_announced_that_is_not_there(ada: Clone, tmp_path: Path, fault: Fault) -> None:
    """An index in the store stands beside its whole pack; done again, everything is there."""
    files = {**some_files(20), "middling": os.urandom(70_000)}
    trees = [ada.keep(files), ada.keep(some_files(5))]
    number = 0

    def prepare() -> None:
        nonlocal number
        number += 1
        open_share(tmp_path / str(number))

    def work() -> None:
        ada.send(open_share(tmp_path / str(number)), *trees)

    for where in interruptions(fault, prepare, work, tmp_path / "scratch", most=12):
        here = tmp_path / str(number)
        for index in kept_files(here, ".index"):
            pack = index.with_suffix(".pack")
            assert hashlib.sha256(pack.read_bytes()).hexdigest() == pack.stem, where
        ada.send(open_share(here), *trees)
        bob = Clone(here, "bob")
        assert bob.fetch(open_share(here), *trees).lacking == frozenset(), where
        assert bob.read(trees[0]) == files, where


@pytest.mark.parametrize("ending", [".pack", ".index", ""])
def test_damage_in_the_store_is_named_and_told_how_to_mend(
    ada: Clone, bob: Clone, share: Share, tmp_path: Path, ending: str
) -> None:
    """Content that was never checked here does not count; once the file is removed, a push puts it there whole."""
    files = {**some_files(10), "middling": os.urandom(100_000)}
    tree = ada.keep(files)
    ada.send(share, tree)
    hurt = [path for path in kept_files(tmp_path, "") if path.suffix == ending]
    damage(hurt)
    bob.keep(files)

    with pytest.raises(DamagedStoreError, match=hurt[0].relative_to(place(tmp_path)).as_posix()) as refused:
        bob.send(share, tree)
    assert "remove that file from the store" in str(refused.value.hint)
    hurt[0].unlink()
    bob.send(share, tree)

    carol = Clone(tmp_path, "carol")
    carol.fetch(share, tree)
    assert carol.read(tree) == files


@pytest.mark.parametrize("kind", ["packs", "loose"])
def test_what_is_damaged_here_is_not_sent(ada: Clone, share: Share, tmp_path: Path, kind: str) -> None:
    """A store would keep it for good."""
    tree = ada.keep({f"{number}": os.urandom(60_000) for number in range(80)} | {"middling": os.urandom(100_000)})
    damage(path for path in (ada.top / "objects" / kind).rglob("*") if path.is_file() and path.suffix != ".index")

    with pytest.raises(DamagedObjectError):
        ada.send(share, tree)

    names = [path.name for path in kept_files(tmp_path, "")]
    assert all(hashlib.sha256(path.read_bytes()).hexdigest().endswith(path.stem) for path in kept_files(tmp_path, ".pack"))
    assert kind != "packs" or not any(name.endswith(".pack") for name in names)


def test_a_store_that_loses_bytes_is_found_out(ada: Clone, tmp_path: Path) -> None:
    """What was put is read back before it counts."""

    class Lossy(Share):
        def put(self, name: str, content: BinaryIO, size: int) -> None:
            super().put(name, content, size - 1 if name.startswith("loose/") else size)

    place(tmp_path).mkdir()
    lossy = Lossy(place(tmp_path).as_uri(), StoreContext(tmp_path / "nowhere", Silence()))

    with pytest.raises(DamagedStoreError, match="loose/"):
        ada.send(lossy, ada.keep({"middling": os.urandom(100_000)}))


def test_a_store_that_tells_hashes_is_not_read_back(ada: Clone, bob: Clone, tmp_path: Path) -> None:
    """Its checksum is as good, and a wrong one is an error."""

    class Telling(Share):
        wrong = False

        def checksum(self, name: str) -> str:
            return "0" * 64 if self.wrong else hashlib.sha256(super().read(name)).hexdigest()

    place(tmp_path).mkdir()
    telling = Telling(place(tmp_path).as_uri(), StoreContext(tmp_path / "nowhere", Silence()))
    files = {**some_files(10), "middling": os.urandom(100_000)}

    ada.send(telling, ada.keep(files))
    bob.send(telling, bob.keep(files))

    assert telling.count("fetch") == 0 and telling.count("put", "loose/") == telling.count("put", ".pack") == 1
    Telling.wrong = True
    with pytest.raises(DamagedStoreError):
        Clone(tmp_path, "carol").send(telling, Clone(tmp_path, "carol").keep(files))


def test_two_clones_may_send_at_once(ada: Clone, bob: Clone, share: Share, tmp_path: Path) -> None:
    """What both have, and what only one has, is there in the end, whole."""
    common = {f"{number}": os.urandom(60_000) for number in range(30)} | {"middling": os.urandom(200_000)}
    trees = [clone.keep(common | {clone.top.name: os.urandom(70_000)}) for clone in (ada, bob)]
    fork = multiprocessing.get_context("fork")

    work = [fork.Process(target=clone.send, args=(share, tree)) for clone, tree in zip((ada, bob), trees, strict=True)]
    for process in work:
        process.start()
    for process in work:
        process.join()

    assert [process.exitcode for process in work] == [0, 0]
    carol = Clone(tmp_path, "carol")
    assert carol.fetch(share, *trees).lacking == frozenset()
    assert common.items() <= carol.read(trees[0]).items() & carol.read(trees[1]).items()
