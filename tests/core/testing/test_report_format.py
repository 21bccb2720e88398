"""The suite passes a format that keeps its promises, and finds each promise that is broken."""

from pathlib import Path

import pytest

from tests.core.testing.broken_formats import BROKEN, EscapedSuite
from tests.core.testing.failing import failing

# What is run once for all of them is run in one process.
pytestmark = pytest.mark.xdist_group("broken report format")


class TestEscaped(EscapedSuite):
    pass


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Run each broken format against the tests of the promise that it breaks; give those that failed."""
    return failing(Path(__file__).with_name("broken_formats.py"), BROKEN, tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize("form", BROKEN)
def test_a_broken_promise_is_found(failures: dict[str, set[str]], form: str) -> None:
    """A format that breaks one promise fails a test of that promise's number."""
    assert failures[form]
