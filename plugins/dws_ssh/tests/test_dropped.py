"""A connection that drops is made again, and what was going on goes on; a server that stays away is one clear error."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from dws_core.errors import DwsError
from dws_core.testing import File, read_directory, write_directory
from dws_ssh import pool
from dws_ssh.errors import ServerGoneError, UnreachableError
from dws_ssh.resource_type import SshDirectory
from dws_ssh.store import SshStore
from tests.servers.cutting import Cutting
from tests.servers.sshd import Sshd

_LARGE = os.urandom(1 << 20) * 20
_CONTENT = {"large.bin": File(_LARGE), **{f"{number % 7}/{number}": File(b"%d\n" % number * 700) for number in range(700)}}


@pytest.fixture
def cut(sshd: Sshd, cutting: Callable[[int], Cutting], configure: Callable[..., Path]) -> Cutting:
    """A proxy, to which the name `cut` leads."""
    proxy = cutting(sshd.port)
    configure("cut", proxy.port)
    return proxy


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon."""
    monkeypatch.setattr(pool, "_PAUSES", (0.01, 0.02))


def test_a_snapshot_goes_on_where_it_was(there: Path, open_it: Callable[..., SshDirectory], cut: Cutting) -> None:
    """Each connection carries 6 MB of 23: what came is not asked for again, and what is stored is whole."""
    write_directory(there, _CONTENT)
    expected = open_it("server").current()
    cut.limit = 6_000_000

    taken = open_it("cut").snapshot()

    assert taken == expected
    assert cut.passed < 40_000_000


def test_a_restore_goes_on_where_it_was(there: Path, open_it: Callable[..., SshDirectory], cut: Cutting) -> None:
    """Nothing is half written, and nothing for the moment is left."""
    write_directory(there, _CONTENT)
    taken = open_it("server").snapshot()
    write_directory(there, {"large.bin": File(b"small"), "other": File(b"x")})
    cut.limit = 9_000_000

    found = open_it("cut").restore(taken)

    assert found == taken and read_directory(there) == _CONTENT


def test_a_store_goes_on_where_it_was(tmp_path: Path, open_store: Callable[..., SshStore], cut: Cutting) -> None:
    """What is put and fetched through connections that are cut is whole."""
    open_store("server").prepare()
    cut.limit = 9_000_000

    open_store("cut").put("packs/a.pack", io.BytesIO(_LARGE), len(_LARGE))
    fetched = io.BytesIO()
    open_store("cut").fetch("packs/a.pack", fetched)

    assert hashlib.sha256(fetched.getvalue()).digest() == hashlib.sha256(_LARGE).digest()
    assert [path.name for path in (tmp_path / "store" / "packs").iterdir()] == ["a.pack"]


@pytest.mark.parametrize("part", [5, 30, 60, 80])
def test_a_server_that_stays_away_is_one_clear_error_and_nothing_is_half(
    there: Path, open_it: Callable[..., SshDirectory], cut: Cutting, impatient: None, part: int
) -> None:
    """Whenever it goes: each file is as it was or as it is to be, and the same command again makes it whole."""
    old = {"a": File(b"a" * 300_000), "b/c": File(b"c" * 300_000), "d": File(b"d")}
    new = {"a": File(b"A" * 300_000), "b": File(b"B" * 300_000), "e": File(b"e")}
    write_directory(there, old)
    taken = open_it("server").snapshot()
    write_directory(there, new)
    before = cut.passed
    open_it("cut").plan(taken)
    total = 2 * (cut.passed - before) + 600_000  # a look before and one after, and what is sent

    with pytest.raises((ServerGoneError, UnreachableError)) as refusal, _going_away(cut, cut.passed + total * part // 100):
        open_it("cut").restore(taken)
    halfway = read_directory(there)
    cut.refuses = False

    assert isinstance(refusal.value, DwsError) and refusal.value.hint
    assert all(item in (old.get(path), new.get(path)) for path, item in halfway.items() if not path.startswith(".dws-staging-"))
    assert open_it("cut").restore(taken) == taken and read_directory(there) == old


@contextmanager
def _going_away(cut: Cutting, passed: int) -> Iterator[None]:
    """End all connections once so many bytes have passed, and refuse others from then on."""
    over = Event()

    def watch() -> None:
        while cut.passed < passed and not over.is_set():
            over.wait(0.0005)
        cut.refuses = True
        cut.cut_all()

    watching = Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()
