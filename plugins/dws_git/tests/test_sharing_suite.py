"""The suite finds each broken promise of sharing."""

from pathlib import Path

import pytest

from plugins.dws_git.tests.broken_sharing import BROKEN
from tests.core.testing.failing import failing

# What is run once for all of them is run in one process.
pytestmark = pytest.mark.xdist_group("broken sharing suite of dws_git")


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Run each broken backend against the tests of the promise that it breaks; give those that failed."""
    return failing(Path(__file__).with_name("broken_sharing.py"), BROKEN, tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize("backend", BROKEN)
def test_a_broken_promise_is_found(failures: dict[str, set[str]], backend: str) -> None:
    """A backend that breaks one promise fails a test of that promise's number."""
    assert failures[backend]
