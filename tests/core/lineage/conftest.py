"""A workspace without git that is the current directory, with a resource for each role."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dws_core import Role, Workspace, find_workspace
from dws_core.operations.init import init
from dws_core.registry import Registry
from dws_core.workspace import Caller


class Silent:
    """A progress that says nothing."""

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        pass

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        pass

    def warn(self, message: str) -> None:
        pass


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    root = tmp_path / "workspace"
    root.mkdir()
    monkeypatch.chdir(root)
    init(root, Registry.discover(os.environ, none=True), Caller.of_process(), Silent(), backend="plain", roles=list(Role))
    (root / "source-data" / "raw.csv").write_text("1")
    yield find_workspace()
