"""Random trees with awkward names, stored, edited and brought back."""

import os
import shutil
import stat
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dws_core.model.changes import Changes
from dws_core.model.names import is_reserved
from dws_core.objects import ObjectStore
from dws_core.plugin import Entry, EntryKind
from dws_core.testing.context import Silence

Leaf: TypeAlias = tuple[str, bytes]
Tree: TypeAlias = dict[bytes, "Leaf | Tree"]

_AWKWARD = [
    b"a",
    b"b",
    b"a-b",
    b"A",
    b"new\nline",
    b"quo'te\"",
    b"\xff\xfe",
    b" ",
    b"-rf",
    "é".encode(),
    b"$(id)",
    b"\\",
    b"n" * 255,
]
_ANY_NAME = st.binary(min_size=1, max_size=6).filter(
    lambda name: b"/" not in name and b"\0" not in name and name not in (b".", b"..") and not is_reserved(os.fsdecode(name))
)
_NAMES = st.sampled_from(_AWKWARD) | _ANY_NAME
_LEAVES = st.one_of(
    st.tuples(st.sampled_from(["file", "executable"]), st.binary(max_size=20)),
    st.tuples(st.just("file"), st.sampled_from([65535, 65536]).map(lambda size: b"x" * size)),
    st.tuples(st.just("symlink"), st.sampled_from([b"nowhere", b"a", b"/etc/passwd", b"..", b"\xff"])),
)
_TREES = st.recursive(
    st.dictionaries(_NAMES, _LEAVES, max_size=4),
    lambda inner: st.dictionaries(_NAMES, _LEAVES | inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=_TREES, second=_TREES)
def test_what_was_stored_comes_back_whatever_was_done_since(first: Tree, second: Tree) -> None:
    """Every byte, mode and link of a version comes back, from any other state, and changes are told as they are."""
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        directory = top / "content"
        store = ObjectStore(top / "objects", top / "caches", Silence())
        directory.mkdir()
        _write(os.fsencode(directory), first)
        tree = store.store(directory)

        _clear(directory)
        _write(os.fsencode(directory), second)
        told = store.changes_since(tree, directory)
        edited = store.store(directory)
        found = _read(os.fsencode(directory))
        with store.steady():
            planned = store.plan(tree, directory)
            answered = store.restore(tree, directory)

        assert found == second
        assert told == _differences(first, second)
        assert store.compare(tree, edited) == told
        assert planned.changes == _differences(second, first)
        assert _read(os.fsencode(directory)) == first
        assert answered == store.scan(directory) == tree
        assert (tree == edited) is (first == second)
        store.restore(edited, directory)
        assert _read(os.fsencode(directory)) == second


@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=_TREES, chance=st.randoms(use_true_random=False))
def test_a_tree_of_kept_files_is_the_tree_of_their_directory(content: Tree, chance: Random) -> None:
    """Whatever order its entries come in, and it comes back."""
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        directory, store = top / "content", ObjectStore(top / "objects", top / "caches", Silence())
        directory.mkdir()
        _write(os.fsencode(directory), content)
        expected = store.scan(directory)
        with store.keeping() as keep:
            entries = [
                Entry(path, EntryKind.DIRECTORY, "", 0) if kind == "directory" else replace(keep(directory / path), path=path)
                for path, (kind, _) in _leaves(content).items()
            ]
        chance.shuffle(entries)

        tree = store.tree(entries)

        assert tree == expected
        store.restore(tree, top / "again")
        assert _read(os.fsencode(top / "again")) == content


def _write(top: bytes, tree: Tree) -> None:
    for name, thing in tree.items():
        path = top + b"/" + name
        if isinstance(thing, dict):
            os.mkdir(path)  # noqa: PTH102  # names are bytes
            _write(path, thing)
        elif thing[0] == "symlink":
            os.symlink(thing[1], path)  # noqa: PTH211  # names are bytes
        else:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o755 if thing[0] == "executable" else 0o644), "wb") as file:
                file.write(thing[1])


def _read(top: bytes) -> Tree:
    found: Tree = {}
    for name in os.listdir(top):  # noqa: PTH208  # names are bytes
        path = top + b"/" + name
        status = os.lstat(path)
        if stat.S_ISDIR(status.st_mode):
            found[name] = _read(path)
        elif stat.S_ISLNK(status.st_mode):
            found[name] = ("symlink", os.readlink(path))  # noqa: PTH115  # names are bytes
        else:
            with os.fdopen(os.open(path, os.O_RDONLY), "rb") as file:
                found[name] = ("executable" if status.st_mode & 0o100 else "file", file.read())
    return found


def _clear(directory: Path) -> None:
    shutil.rmtree(directory)
    directory.mkdir()


def _differences(old: Tree, new: Tree) -> Changes:
    """Compare naively: every leaf by its path; a directory that lost or gained its first entry is not told itself."""
    olds, news = _leaves(old), _leaves(new)
    stayed = {path for path in _directories(old) if path in _directories(new)}
    added = sorted(path for path in news.keys() - olds.keys() if path not in stayed)
    removed = sorted(path for path in olds.keys() - news.keys() if path not in stayed)
    changed = sorted(path for path in olds.keys() & news.keys() if olds[path] != news[path])
    return Changes(tuple(added), tuple(removed), tuple(changed))


def _leaves(tree: Tree, prefix: bytes = b"") -> dict[str, Leaf]:
    found: dict[str, Leaf] = {}
    for name, thing in tree.items():
        if not isinstance(thing, dict):
            found[os.fsdecode(prefix + name)] = thing
        elif thing:
            found.update(_leaves(thing, prefix + name + b"/"))
        else:
            found[os.fsdecode(prefix + name)] = ("directory", b"")
    return found


def _directories(tree: Tree, prefix: bytes = b"") -> dict[str, bool]:
    found: dict[str, bool] = {}
    for name, thing in tree.items():
        if isinstance(thing, dict):
            found[os.fsdecode(prefix + name)] = True
            found.update(_directories(thing, prefix + name + b"/"))
    return found
