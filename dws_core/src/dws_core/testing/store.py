"""The suite that any store must pass."""

import hashlib
import io
import multiprocessing
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from dws_core.errors import DwsError
from dws_core.plugin import Kept, Store
from dws_core.testing.faults import Fault, interruptions

_PACK = "packs/0a1b.pack"
_BIG = bytes(range(256)) * 4096 * 9 + b"end"  # more than the part in which `fetch` reads where a store says nothing else
_CONTENTS = [bytes([number]) * (100_000 + number) for number in range(8)]


class StoreSuite(ABC):
    """Subclass it as `Test…` with a `make`.

    A test's number is that of the promise in `dws_core.plugin.Store` that it tries to break.
    """

    @abstractmethod
    def make(self, tmp_path: Path) -> Store:
        """Make the store, of which nobody has heard yet; made again with the same path it finds the same place."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        """A store whose place is there."""
        store = self.make(tmp_path)
        store.prepare()
        return store

    def test_k1_a_url_that_was_recorded_is_not_changed(self, tmp_path: Path) -> None:
        """K1: give a URL the form in which it is recorded."""
        store = self.make(tmp_path)

        assert type(store).check_url(store.url, tmp_path) == store.url

    def test_k1_a_recorded_url_holds_no_password(self, tmp_path: Path) -> None:
        """K1: it holds no password; that there should be none may be an error too."""
        store = self.make(tmp_path)
        scheme, _, rest = store.url.partition("://")

        with suppress(DwsError):
            assert "secret" not in type(store).check_url(f"{scheme}://ada:secret@{rest}", tmp_path)

    def test_k2_the_place_is_made_once(self, tmp_path: Path, store: Store) -> None:
        """K2: may be called again, by several at once; what is kept there stays."""
        _put(store, _PACK, b"kept")

        _at_once(lambda: self.make(tmp_path).prepare(), 8)

        assert store.read(_PACK) == b"kept"

    def test_k2_several_may_make_the_place_at_once(self, tmp_path: Path) -> None:
        """K2: by several at once, before anything is there."""
        _at_once(lambda: self.make(tmp_path).prepare(), 8)

        _put(self.make(tmp_path), _PACK, b"kept")

    def test_k3_nothing_is_listed_where_there_is_no_place(self, tmp_path: Path) -> None:
        """K3: nothing where no place is."""
        assert [*self.make(tmp_path).list("")] == [*self.make(tmp_path).list("packs/")] == []

    def test_k3_what_is_kept_is_listed_by_prefix(self, tmp_path: Path, store: Store) -> None:
        """K3: exactly what begins with the prefix, with its size, however alike the names are."""
        names = ["packs", "packs-1/a", "packs.1/a", "packs1/a", "loose/ab/c", "loose/ab/d", "loose/ab.e", "loose/abc", "loosely"]
        for number, name in enumerate(names):
            _put(store, name if name != "packs" else _PACK, b"x" * number)
        kept = {name if name != "packs" else _PACK: number for number, name in enumerate(names)}

        for prefix in ("", "packs", "packs/", "packs/0a", "packs-", "loose", "loose/", "loose/ab", "loose/ab/", "lo", "nothing/"):
            listed = [*self.make(tmp_path).list(prefix)]

            assert _sorted(listed) == _sorted(Kept(name, size) for name, size in kept.items() if name.startswith(prefix)), prefix

    def test_k3_more_is_listed_than_fits_on_a_page(self, store: Store) -> None:
        """K3: all that is kept; servers list a thousand names at a time."""
        names = [f"loose/{number % 3:02x}/{number:04x}" for number in range(1_050)]
        with ThreadPoolExecutor(8) as pool:
            [*pool.map(lambda name: _put(store, name, b"x"), names)]

        assert sorted(kept.name for kept in store.list("loose/")) == sorted(names)
        assert len([*store.list("loose/01/")]) == 350

    def test_k4_any_part_can_be_read(self, store: Store) -> None:
        """K4: the bytes, or `length` of them from `start` on, fewer where it ends before."""
        content = bytes(range(256)) * 40
        _put(store, _PACK, content)

        assert store.read(_PACK) == content
        for start, length in ((0, 1), (0, len(content)), (255, 2), (100, 5_000), (len(content) - 3, 50), (7, None), (5, 0)):
            assert store.read(_PACK, start, length) == content[start:][:length], (start, length)
        assert store.read(_PACK, len(content), 10) == store.read(_PACK, len(content) + 5, 10) == b""

    def test_k4_what_is_not_kept_cannot_be_read(self, tmp_path: Path) -> None:
        """K4, K5: FileNotFoundError where nothing is kept, whether there is a place or not."""
        for prepare in (False, True):
            store = self.make(tmp_path)
            if prepare:
                store.prepare()
                _put(store, _PACK, b"kept")
            for name in ("packs/0a1c.pack", "packs/0a1b", "loose/ab/cd"):
                with pytest.raises(FileNotFoundError):
                    store.read(name)
                with pytest.raises(FileNotFoundError):
                    store.read(name, 5, 5)
                with pytest.raises(FileNotFoundError):
                    store.fetch(name, io.BytesIO())

    def test_k5_everything_is_fetched(self, store: Store) -> None:
        """K5: write all that is kept to an open file, from where it is."""
        for name, content in (("packs/big", _BIG), ("packs/empty", b""), ("packs/exactly", _BIG[: 8 * 1024 * 1024])):
            _put(store, name, content)
            file = io.BytesIO()
            file.write(b"before:")

            store.fetch(name, file)

            assert _equal(file.getvalue(), b"before:" + content), name

    def test_k6_what_was_put_is_kept_for_others(self, tmp_path: Path, store: Store) -> None:
        """K6: keep `size` bytes, from where the content is: none, few or many."""
        for name, content in (("packs/big", _BIG), ("packs/empty", b""), ("loose/ab/cd", b"\r\n\0")):
            file = io.BytesIO(b"before:" + content)
            file.seek(len(b"before:"))

            store.put(name, file, len(content))

            assert _equal(self.make(tmp_path).read(name), content), name
            assert Kept(name, len(content)) in [*self.make(tmp_path).list(name)]

    def test_k6_what_is_kept_is_never_overwritten(self, tmp_path: Path, store: Store) -> None:
        """K6: what is kept under that name already stays, untouched: that is no error."""
        for content in (b"first", b""):
            _put(store, f"packs/{len(content)}", content)

            _put(self.make(tmp_path), f"packs/{len(content)}", b"second, and longer")

            assert store.read(f"packs/{len(content)}") == content

    def test_k6_threads_may_put_the_same_at_once(self, store: Store) -> None:
        """K6: whole, whoever was first; nobody fails, and nobody overwrites what another put."""

        def put_and_read(content: bytes) -> bytes:
            _put(store, _PACK, content)
            return store.read(_PACK)

        with ThreadPoolExecutor(8) as pool:
            seen = [*pool.map(put_and_read, _CONTENTS)]

        assert len({*seen, store.read(_PACK)}) == 1
        assert seen[0] in _CONTENTS

    def test_k6_processes_may_put_the_same_at_once(self, tmp_path: Path, store: Store) -> None:
        """K6: whole, whoever was first, and of other names every one; it lasts when the process is gone."""
        fork = multiprocessing.get_context("fork")
        work = [fork.Process(target=self._put_from_a_process, args=(tmp_path, number)) for number in range(2)]
        for process in work:
            process.start()
        for process in work:
            process.join()

        assert [process.exitcode for process in work] == [0, 0]
        for name in range(8):
            assert store.read(f"packs/{name}") in _CONTENTS
            assert [store.read(f"loose/{number}/{name}") for number in range(2)] == _CONTENTS[:2]

    @pytest.mark.parametrize("fault", Fault)
    def test_k6_ended_anywhere_it_is_put_whole_or_not_at_all(self, tmp_path: Path, store: Store, fault: Fault) -> None:
        """K6: whole or not at all, whenever it is ended; then it can be put again."""
        content, number = _BIG[-3_000_000:], 0

        def prepare() -> None:
            nonlocal number
            number += 1

        def work() -> None:
            _put(self.make(tmp_path), f"packs/{number}", content)

        for where in interruptions(fault, prepare, work, tmp_path / "scratch"):
            again = self.make(tmp_path)
            listed = [*again.list("packs/")]
            assert {*listed} == {Kept(f"packs/{each.name[6:]}", len(content)) for each in listed}, where
            for name in [each.name for each in listed if each.name == f"packs/{number}"]:
                assert _equal(again.read(name), content), where
            _put(again, f"packs/{number}", content)
            assert _equal(store.read(f"packs/{number}"), content), where

    def test_k6_content_that_is_too_short_is_not_put(self, store: Store) -> None:
        """K6: whole or not at all: what ends too early is refused."""
        with suppress(DwsError, OSError):
            store.put(_PACK, io.BytesIO(b"short"), 10)

        assert [*store.list("packs/")] == []

    def test_k7_a_checksum_is_that_of_what_is_kept(self, store: Store) -> None:
        """K7: the SHA-256 of what is kept, or None where the place does not work it out."""
        for name, content in (("packs/big", _BIG), ("packs/empty", b"")):
            _put(store, name, content)
            _put(store, name, b"something else, which is not kept")

            assert store.checksum(name) in (None, hashlib.sha256(content).hexdigest())

    def test_k7_what_is_not_kept_has_no_checksum(self, store: Store) -> None:
        """K7: FileNotFoundError where nothing is kept, unless the place knows no checksums."""
        with suppress(FileNotFoundError):
            assert store.checksum(_PACK) is None

    def _put_from_a_process(self, tmp_path: Path, number: int) -> None:
        store = self.make(tmp_path)
        for name in range(8):
            _put(store, f"packs/{name}", _CONTENTS[number])
            _put(store, f"loose/{number}/{name}", _CONTENTS[number])


def _put(store: Store, name: str, content: bytes) -> None:
    store.put(name, io.BytesIO(content), len(content))


def _sorted(kept: Iterable[Kept]) -> list[Kept]:
    return sorted(kept, key=lambda each: each.name)


def _at_once(work: Callable[[], object], times: int) -> None:
    with ThreadPoolExecutor(times) as pool:
        for done in [pool.submit(work) for _ in range(times)]:
            done.result()


def _equal(found: bytes, expected: bytes) -> bool:
    """Compare what is large out of pytest's sight: to explain how megabytes differ takes it minutes."""
    return found == expected
