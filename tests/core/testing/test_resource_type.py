"""The suite passes a type that keeps its promises, and finds each promise that is broken."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from dws_core.model.role import Role
from dws_core.plugin import Capability, ResourceType
from dws_core.testing import ResourceTypeSuite
from tests.core.testing.box import DESCRIPTOR, Box, BoxSettings
from tests.core.testing.broken_boxes import BROKEN
from tests.core.testing.failing import failing

# What is run once for all of them is run in one process.
pytestmark = pytest.mark.xdist_group("broken resource type")


class TestBox(ResourceTypeSuite):
    descriptor = DESCRIPTOR

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        return Box(self.resource(BoxSettings("box"), role), BoxSettings("box"), self.context(root))


class TestCollection:
    """Exactly the tests that the declared capabilities call for are collected."""

    def test_a_test_for_an_undeclared_capability_is_not_there(self) -> None:
        """It is not collected, rather than skipped."""
        assert getattr(TestBox, "test_r13_the_latest_word_counts", None) is None
        assert getattr(TestBox, "test_r10_what_cannot_come_back_is_refused_with_a_next_step", None) is None
        assert callable(TestBox.test_r06_moving_again_changes_nothing)

    def test_every_test_is_collected_for_some_type(self) -> None:
        """No condition excludes everything."""
        assert all(callable(getattr(ResourceTypeSuite, name)) for name in dir(ResourceTypeSuite) if name.startswith("test_"))

    def test_every_promise_has_a_test(self) -> None:
        """Each number of the contract's docstrings is that of a test."""
        numbers = {name.split("_")[1] for name in dir(ResourceTypeSuite) if name.startswith("test_r")}

        promised = {f"r{int(number):02}" for number in re.findall(r'"""R(\d+):', inspect.getsource(ResourceType))}
        assert promised <= numbers
        assert Capability.DECLARED not in DESCRIPTOR.capabilities


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Run each broken box against the tests of the promise that it breaks; give those that failed."""
    return failing(Path(__file__).with_name("broken_boxes.py"), BROKEN, tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize("box", BROKEN)
def test_a_broken_promise_is_found(failures: dict[str, set[str]], box: str) -> None:
    """A type that breaks one promise fails a test of that promise's number."""
    assert any(test.startswith(f"test_{BROKEN[box]}_") for test in failures[box]), failures[box]
