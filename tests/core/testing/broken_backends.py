"""Backends that break one promise each, with their suites; run by `test_backend.py` in a process of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

from dws_core.plugin import Backend, BackendDescriptor, Commit
from dws_core.testing import BackendSuite, make_context

BROKEN: dict[str, str] = {}
"""For each suite of a broken backend the number of the promise that it breaks."""


class Ledger(Backend):
    """A backend that keeps every promise: a file with the names of what was committed, replaced as a whole."""

    @property
    def ledger(self) -> Path:
        """Where the names are kept."""
        return self.context.private / "ledger"

    def init(self) -> None:
        self.ledger.parent.mkdir(parents=True, exist_ok=True)
        self.ledger.touch()

    def commit(self, commit: Commit) -> None:
        for path in commit.paths:
            copy = self.ledger.with_name("fresh copy")
            copy.write_bytes((self.root / path).read_bytes())
            copy.replace(self._copy(path))
        fresh = self.ledger.with_name("fresh")
        fresh.write_text("\n".join([*self.ledger.read_text().splitlines(), *commit.paths]))
        fresh.replace(self.ledger)

    def holds(self, path: str) -> bool:
        return path in self.ledger.read_text().splitlines()

    def recorded(self, directory: str) -> Sequence[str]:
        return [path for path in self.ledger.read_text().splitlines() if path.startswith(f"{directory}/")]

    def recover(self, path: str) -> bytes | None:
        return self._copy(path).read_bytes() if self.holds(path) else None

    def _copy(self, path: str) -> Path:
        return self.ledger.with_name(path.replace("/", "+"))


def breaks(promise: str) -> Callable[[type[Ledger]], type[Ledger]]:
    """Make a suite for a broken backend."""

    def suite(broken: type[Ledger]) -> type[Ledger]:
        class Suite(LedgerSuite):
            def make(self, root: Path) -> Backend:
                return broken(make_context(root, "backend"))

        name = f"Test{broken.__name__}"
        Suite.__name__ = Suite.__qualname__ = name
        globals()[name] = Suite
        BROKEN[name] = promise
        return broken

    return suite


class LedgerSuite(BackendSuite):
    """The suite for the backend that keeps every promise."""

    descriptor = BackendDescriptor("ledger", "Names in a file.", f"{__name__}:Ledger", "box", 0)

    def make(self, root: Path) -> Backend:
        return Ledger(make_context(root, "backend"))


@breaks("b1")
class MakesWhenChecked(Ledger):
    @classmethod
    def check_init(cls, root: Path) -> None:
        (root / "made").mkdir()


@breaks("b2")
class BeginsAnew(Ledger):
    def init(self) -> None:
        self.ledger.parent.mkdir(parents=True, exist_ok=True)
        self.ledger.write_text("")


@breaks("b4")
class ForgetsTheFirst(Ledger):
    def commit(self, commit: Commit) -> None:
        self.ledger.write_text("\n".join(commit.paths))


@breaks("b4")
class TidiesUp(Ledger):
    def commit(self, commit: Commit) -> None:
        super().commit(commit)
        (self.root / "password.txt").unlink(missing_ok=True)


@breaks("b4")
class LocksForGood(Ledger):
    def commit(self, commit: Commit) -> None:
        lock = self.ledger.with_name("lock")
        lock.touch(exist_ok=False)
        super().commit(commit)
        lock.unlink()


@breaks("b5")
class HoldsEverything(Ledger):
    def holds(self, path: str) -> bool:
        return True


@breaks("b6")
class HidesInPlainSight(Ledger):
    def hide(self, path: str) -> None:
        (self.root / ".gitignore").write_text(path)


@breaks("b12")
class HidesForGood(Ledger):
    def hide(self, path: str) -> None:
        with self.ledger.with_name("hidden").open("a") as file:
            file.write(f"{path}\n")


@breaks("b7")
class NamesTooMuch(Ledger):
    def stale_files(self) -> Sequence[Path]:
        return [self.ledger]


@breaks("b10")
class NamesWhatItSees(Ledger):
    def recorded(self, directory: str) -> Sequence[str]:
        found = (self.root / directory).glob("*.json")
        return [path.relative_to(self.root).as_posix() for path in found]


@breaks("b11")
class GivesWhatItSees(Ledger):
    def recover(self, path: str) -> bytes | None:
        return (self.root / path).read_bytes() if (self.root / path).exists() else None
