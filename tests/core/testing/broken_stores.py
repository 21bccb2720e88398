"""Stores that break one promise each, with their suites; run by `test_store.py` in a process of its own."""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from dws_core.plugin import Kept, Store, StoreContext
from dws_core.testing import StoreSuite
from dws_core.testing.context import Silence

BROKEN: dict[str, str] = {}
"""For each suite of a broken store the number of the promise that it breaks."""


class Shelf(Store):
    """A store that keeps every promise: a directory of files by their names, with `+` for `/`."""

    @property
    def top(self) -> Path:
        """Where everything lies."""
        return Path(self.url.removeprefix("shelf://"))

    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        return f"shelf://{url.removeprefix('shelf://').rpartition('@')[2]}"

    def prepare(self) -> None:
        self.top.mkdir(parents=True, exist_ok=True)

    def list(self, prefix: str) -> Iterator[Kept]:
        for path in self.top.glob("[!.]*"):
            name = path.name.replace("+", "/")
            if name.startswith(prefix):
                yield Kept(name, path.stat().st_size)

    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        return self.path(name).read_bytes()[start:][:length]

    def put(self, name: str, content: BinaryIO, size: int) -> None:
        fresh = self.top / f".{secrets.token_hex(8)}"
        fresh.write_bytes(content.read(size))
        try:
            if fresh.stat().st_size == size:
                os.link(fresh, self.path(name))
        except FileExistsError:
            pass
        finally:
            fresh.unlink()

    def path(self, name: str) -> Path:
        """Name the file."""
        return self.top / name.replace("/", "+")


class ShelfSuite(StoreSuite):
    """The suite for the store that keeps every promise."""

    def make(self, tmp_path: Path) -> Store:
        return Shelf(f"shelf://{tmp_path}/shelf", StoreContext(tmp_path / "private", Silence()))


def breaks(promise: str) -> Callable[[type[Shelf]], type[Shelf]]:
    """Make a suite for a broken store."""

    def suite(broken: type[Shelf]) -> type[Shelf]:
        class Suite(StoreSuite):
            def make(self, tmp_path: Path) -> Store:
                return broken(f"shelf://{tmp_path}/shelf", StoreContext(tmp_path / "private", Silence()))

        name = f"Test{broken.__name__}"
        Suite.__name__ = Suite.__qualname__ = name
        globals()[name] = Suite
        BROKEN[name] = promise
        return broken

    return suite


@breaks("k1")
class ChangesItsUrl(Shelf):
    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        return f"{url}/"


@breaks("k1")
class TellsThePassword(Shelf):
    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        return url


@breaks("k2")
class BeginsAnew(Shelf):
    def prepare(self) -> None:
        super().prepare()
        for path in self.top.glob("*"):
            path.unlink(missing_ok=True)


@breaks("k2")
class MakesThePlaceAlone(Shelf):
    def prepare(self) -> None:
        if not (self.top / "packs+0a1b.pack").exists():
            self.top.mkdir(parents=True)


@breaks("k3")
class ListsNoFurtherThanAPage(Shelf):
    def list(self, prefix: str) -> Iterator[Kept]:
        yield from [*super().list(prefix)][:1000]


@breaks("k3")
class ListsWholeDirectories(Shelf):
    def list(self, prefix: str) -> Iterator[Kept]:
        return super().list(prefix.rpartition("/")[0])


@breaks("k3")
class ListsWhatIsNotThere(Shelf):
    def list(self, prefix: str) -> Iterator[Kept]:
        yield from [Kept(f"{prefix}x", 1)] if not self.top.exists() else super().list(prefix)


@breaks("k4")
class ReadsToTheEnd(Shelf):
    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        return super().read(name, start)


@breaks("k4")
class ReadsNothingAsEmpty(Shelf):
    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        return super().read(name, start, length) if self.path(name).exists() else b""


@breaks("k5")
class FetchesOnePart(Shelf):
    def fetch(self, name: str, file: BinaryIO) -> None:
        file.write(self.read(name, 0, 8 * 1024 * 1024))


@breaks("k5")
class FetchesToTheBeginning(Shelf):
    def fetch(self, name: str, file: BinaryIO) -> None:
        file.seek(0)
        file.write(self.read(name))


@breaks("k6")
class Overwrites(Shelf):
    def put(self, name: str, content: BinaryIO, size: int) -> None:
        fresh = self.top / f".{secrets.token_hex(8)}"
        fresh.write_bytes(content.read(size))
        fresh.rename(self.path(name))


@breaks("k6")
class PutsInPlace(Shelf):
    def put(self, name: str, content: BinaryIO, size: int) -> None:
        if not self.path(name).exists():
            with self.path(name).open("wb", buffering=0) as file:
                while part := content.read(100_000):
                    file.write(part)


@breaks("k6")
class RefusesWhatItHas(Shelf):
    def put(self, name: str, content: BinaryIO, size: int) -> None:
        if self.path(name).exists():
            raise FileExistsError(name)
        super().put(name, content, size)


@breaks("k6")
class BeginsAtTheBeginning(Shelf):
    def put(self, name: str, content: BinaryIO, size: int) -> None:
        content.seek(0)
        super().put(name, content, size)


@breaks("k6")
class TakesWhatIsTooShort(Shelf):
    def put(self, name: str, content: BinaryIO, size: int) -> None:
        if not self.path(name).exists():
            self.path(name).write_bytes(content.read(size))


@breaks("k7")
class TellsTheHashOfTheName(Shelf):
    def checksum(self, name: str) -> str | None:
        return name.rpartition("/")[2]
