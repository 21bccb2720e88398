"""Stores that a stranger has written to, or a bad disk: nothing of it is believed, and what is sound comes all the same."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from dws_core.errors import DamagedStoreError, UnsafeTreeError
from dws_core.objects import lacking
from dws_core.objects.layout import MAX_DEPTH
from dws_core.objects.pack import PackWriter, index_of
from dws_core.objects.tree import DIRECTORY, FILE, Node, encode, object_id
from dws_core.plugin import Kept, StoreContext
from dws_core.testing.context import Silence
from tests.core.objects.sharing import Clone, Share, damage, kept_files, open_share, place, some_files

_GOOD = b"what the id says"


@pytest.fixture
def bob(tmp_path: Path) -> Clone:
    return Clone(tmp_path, "bob")


@pytest.fixture
def share(tmp_path: Path) -> Share:
    return open_share(tmp_path)


def _pack(share: Share, tmp_path: Path, *records: tuple[bytes, bytes], index: bytes | None = None) -> str:
    """Put a pack of these records, each under the id that it claims, into a store, and answer its name."""
    writer = PackWriter(tmp_path, tmp_path / f"pack-{os.urandom(4).hex()}")
    for identity, content in records:
        writer.add(identity, content)
    writer.seal()
    writer.close()
    true = index_of(writer.path).read_bytes()
    for path, content in ((writer.path, writer.path.read_bytes()), (index_of(writer.path), true if index is None else index)):
        share.put(f"packs/{path.name}", io.BytesIO(content), len(content))
    return f"packs/{writer.path.name}"


def _records(*contents: bytes) -> list[tuple[bytes, bytes]]:
    return [(object_id(content), content) for content in contents]


@pytest.mark.parametrize("filling", [0, 200])
def test_a_record_that_is_not_what_its_id_says_is_not_believed(bob: Clone, share: Share, tmp_path: Path, filling: int) -> None:
    """The pack has the hash that its name says, and lies all the same: fetched whole or in part, it does not count."""
    wanted = object_id(_GOOD)
    name = _pack(share, tmp_path, (wanted, b"something else"), *_records(*(os.urandom(60_000) for _ in range(filling))))

    fetched = bob.fetch(share, wanted.hex())

    assert fetched.lacking == {wanted.hex()} and fetched.damaged == (name,)
    assert name in bob.progress.warnings[0]
    assert lacking(bob.objects, [wanted.hex()]) and bob.objects.check().damages == []
    assert not [*(bob.top / "objects" / "packs").glob("*.pack")]


def test_what_one_pack_lies_about_comes_from_another(bob: Clone, share: Share, tmp_path: Path) -> None:
    """A stranger cannot keep content from those who share a store by putting a lie beside it."""
    wanted = object_id(_GOOD)
    for _ in range(3):
        _pack(share, tmp_path, (wanted, os.urandom(20)), *_records(os.urandom(20)))
    _pack(share, tmp_path, *_records(_GOOD))

    fetched = bob.fetch(share, wanted.hex())

    assert fetched.lacking == frozenset() and bob.objects.get(wanted.hex()) == _GOOD


def test_an_index_that_tells_of_more_than_its_pack_holds_is_not_believed(bob: Clone, share: Share, tmp_path: Path) -> None:
    """What the pack truly holds comes; what only the index says does not count, neither here nor when pushing."""
    wanted, true = object_id(_GOOD), b"as long as what "
    scratch = Share((tmp_path / "scratch").as_uri(), StoreContext(tmp_path, Silence()))
    scratch.prepare()
    lie = _pack(scratch, tmp_path, (wanted, true)).replace(".pack", ".index")
    name = _pack(share, tmp_path, *_records(true), index=scratch.read(lie))
    ada = Clone(tmp_path, "ada")
    ada.objects.put(_GOOD)

    fetched = bob.fetch(share, wanted.hex())

    assert fetched.lacking == {wanted.hex()} and fetched.damaged == (name.replace(".pack", ".index"),)
    assert bob.objects.get(object_id(true).hex()) == true
    with pytest.raises(DamagedStoreError, match=r"packs/.*\.index"):
        ada.send(share, wanted.hex())


@pytest.mark.parametrize(
    "index", [b"", b"dws-index 1\n", os.urandom(500), b"dws-index 1\n" + bytes(200)], ids=["none", "head", "any", "noughts"]
)
def test_an_index_that_is_none_is_told_and_its_pack_not_used(bob: Clone, share: Share, tmp_path: Path, index: bytes) -> None:
    """Whoever pushes sends the content in another pack."""
    wanted = object_id(_GOOD)
    name = _pack(share, tmp_path, *_records(_GOOD), index=index)

    fetched = bob.fetch(share, wanted.hex())

    assert fetched.lacking == {wanted.hex()} and fetched.damaged == (name.replace(".pack", ".index"),)


def test_a_pack_with_an_object_that_is_too_large_for_packs_is_not_used(bob: Clone, share: Share, tmp_path: Path) -> None:
    """Readers may take it for granted that what lies in packs fits in memory."""
    large = os.urandom(70_000)
    _pack(share, tmp_path, *_records(large))

    assert bob.fetch(share, object_id(large).hex()).lacking


def test_a_pack_without_an_index_and_an_index_without_a_pack_are_nothing(bob: Clone, share: Share, tmp_path: Path) -> None:
    """A sender that died leaves a pack; nothing tells of it."""
    wanted, other = object_id(_GOOD), object_id(b"other")
    (place(tmp_path) / _pack(share, tmp_path, *_records(_GOOD)).replace(".pack", ".index")).unlink()
    (place(tmp_path) / _pack(share, tmp_path, *_records(b"other"))).unlink()

    fetched = bob.fetch(share, wanted.hex(), other.hex())

    assert fetched.lacking == {wanted.hex(), other.hex()} and fetched.damaged == ()


@pytest.mark.parametrize("ending", [".pack", ".index", ""])
def test_damaged_files_are_told_and_the_rest_comes(bob: Clone, share: Share, tmp_path: Path, ending: str) -> None:
    """Each is named; once it is there whole, the next fetch gets it."""
    ada = Clone(tmp_path, "ada")
    files = {"middling": os.urandom(100_000), **some_files(10)}
    tree, other = ada.keep(files), ada.keep({"other": b"other"})
    ada.send(share, tree)
    hurt = [path for path in kept_files(tmp_path, "") if path.suffix == ending]
    ada.send(share, other)
    before = [path.read_bytes() for path in hurt]
    damage(hurt)

    first = bob.fetch(share, tree, other)
    for path, content in zip(hurt, before, strict=True):
        path.write_bytes(content)
    second = bob.fetch(share, tree)

    assert first.lacking == {tree} and first.damaged == tuple(path.relative_to(place(tmp_path)).as_posix() for path in hurt)
    assert second.lacking == frozenset() and bob.read(tree) == files


def test_nothing_is_read_through_a_symlink(bob: Clone, share: Share, tmp_path: Path) -> None:
    """A stranger may have put one where content lies."""
    content = os.urandom(100_000)
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / digest[2:]).write_bytes(content)
    (place(tmp_path) / "loose").mkdir()
    (place(tmp_path) / "loose" / digest[:2]).symlink_to(tmp_path / "elsewhere")

    assert bob.fetch(share, digest).lacking == {digest}


def _deep() -> list[bytes]:
    trees = [encode([Node(b"file", FILE, 4, object_id(b"deep"))])]
    for _level in range(MAX_DEPTH + 1):
        trees.append(encode([Node(b"below", DIRECTORY, 0, object_id(trees[-1]))]))
    return [b"deep", *trees]


_HOSTILE: dict[str, Callable[[], list[bytes]]] = {
    "deep": _deep,
    "above": lambda: [b"x", encode([Node(b"..", FILE, 1, object_id(b"x"))])],
    "absolute": lambda: [b"x", encode([Node(b"/etc/passwd", FILE, 1, object_id(b"x"))])],
    "empty": lambda: [b"x", encode([Node(b"", FILE, 1, object_id(b"x"))])],
    "reserved": lambda: [b"x", encode([Node(b".GIT", FILE, 1, object_id(b"x"))])],
    "twice": lambda: [b"x", encode([Node(b"a", FILE, 1, object_id(b"x")), Node(b"a", FILE, 1, object_id(b"x"))])],
    "kind": lambda: [b"x", encode([Node(b"a", 9, 1, object_id(b"x"))])],
    "cut": lambda: [b"x", encode([Node(b"a", FILE, 1, object_id(b"x"))])[:-1]],
}


@pytest.mark.parametrize("hostile", _HOSTILE)
def test_a_tree_that_nobody_would_have_written_is_refused(bob: Clone, share: Share, tmp_path: Path, hostile: str) -> None:
    """The error names the tree; asked again, the answer is the same."""
    contents = _HOSTILE[hostile]()
    _pack(share, tmp_path, *_records(*contents))

    for _ in range(2):
        with pytest.raises(UnsafeTreeError):
            bob.fetch(share, object_id(contents[-1]).hex())


def test_a_store_that_never_stops_sending_is_stopped(bob: Clone, tmp_path: Path) -> None:
    """No more is taken than was listed, so that no disk runs full."""
    content = os.urandom(70_000)
    digest = hashlib.sha256(content).hexdigest()

    class Endless(Share):
        def fetch(self, name: str, file: BinaryIO) -> None:
            while True:
                file.write(bytes(1024 * 1024))

        def list(self, prefix: str) -> Iterator[Kept]:
            yield Kept(f"loose/{digest[:2]}/{digest[2:]}", len(content))

    endless = Endless(place(tmp_path).as_uri(), StoreContext(tmp_path, Silence()))

    fetched = bob.fetch(endless, digest)

    assert fetched.lacking == {digest} and fetched.damaged == (f"loose/{digest[:2]}/{digest[2:]}",)
