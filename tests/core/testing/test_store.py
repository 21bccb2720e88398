"""The suite passes a store that keeps its promises, and finds each promise that is broken."""

from pathlib import Path

import pytest

from tests.core.testing.broken_stores import BROKEN, ShelfSuite
from tests.core.testing.failing import failing

# What is run once for all of them is run in one process.
pytestmark = pytest.mark.xdist_group("broken store")


class TestShelf(ShelfSuite):
    pass


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Run each broken store against the tests of the promise that it breaks; give those that failed."""
    return failing(Path(__file__).with_name("broken_stores.py"), BROKEN, tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize("store", BROKEN)
def test_a_broken_promise_is_found(failures: dict[str, set[str]], store: str) -> None:
    """A store that breaks one promise fails a test of that promise's number."""
    assert failures[store]
