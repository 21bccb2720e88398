"""Backends that break one promise of sharing each, with their suites; run by `test_sharing_suite.py` in a process of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

from dws_core.plugin import Backend, Context, Incoming
from dws_core.testing import make_context
from dws_git.backend import GitBackend
from plugins.dws_git.tests.suite import GitBackendSuite
from plugins.dws_git.tests.team import git

BROKEN: dict[str, str] = {}
"""For each suite of a broken backend the promise that it breaks, as the names of its tests begin."""


def breaks(promise: str) -> Callable[[type[GitBackend]], type[GitBackend]]:
    """Make a suite for a broken backend."""

    def suite(broken: type[GitBackend]) -> type[GitBackend]:
        class Suite(GitBackendSuite):
            def make(self, root: Path) -> Backend:
                return broken(make_context(root, "backend"))

        name = f"Test{broken.__name__}"
        Suite.__name__ = Suite.__qualname__ = name
        globals()[name] = Suite
        BROKEN[name] = promise
        return broken

    return suite


@breaks("b13")
class KeepsTheFirst(GitBackend):
    def publish(self, url: str) -> None:
        if self.origin is None:
            super().publish(url)


@breaks("b14")
class TakesAnyOrigin(GitBackend):
    def publish(self, url: str) -> None:
        git(self.root, "config", "remote.origin.url", url)
        git(self.root, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")


@breaks("b15")
class MergesAtOnce(GitBackend):
    def fetch(self) -> Incoming | None:
        found = super().fetch()
        if found is not None:
            self.merge(found)
        return found


@breaks("b16")
class ChecksNothing(GitBackend):
    def check_merge(self, incoming: Incoming) -> None:
        pass


@breaks("b17_a_merge")
class TakesTheirs(GitBackend):
    def merge(self, incoming: Incoming) -> Sequence[str]:
        git(self.root, "reset", "-q", "--hard", incoming.tip)
        return ()


@breaks("b17_a_record")
class MergesPlainly(GitBackend):
    def merge(self, incoming: Incoming) -> Sequence[str]:
        git(self.root, "merge", "-q", "--no-edit", incoming.tip)
        return ()


@breaks("b17_contradictions")
class SettlesContradictions(GitBackend):
    def merge(self, incoming: Incoming) -> Sequence[str]:
        git(self.root, "merge", "-q", "--no-edit", "-X", "ours", incoming.tip)
        return ()


@breaks("b18")
class PushesByForce(GitBackend):
    def push(self) -> bool:
        git(self.root, "push", "-q", "--force", "origin", "HEAD")
        return True


@breaks("b19")
class NeverAhead(GitBackend):
    def is_ahead(self) -> bool:
        return False


@breaks("b20_a_clone")
class ForgetsWhereItCameFrom(GitBackend):
    @classmethod
    def clone(cls, url: str, root: Path, context: Context) -> None:
        super().clone(url, root, context)
        git(root, "remote", "remove", "origin")
