"""A workspace without git that is the current directory, with a resource for each role, and the files of one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from dws_core import Role, Workspace, find_workspace
from dws_core.files import DwsFileSystem, filesystem
from dws_core.operations.init import init
from dws_core.registry import Registry
from dws_core.testing.context import Silence
from dws_core.workspace import Caller


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    root = tmp_path / "workspace"
    root.mkdir()
    monkeypatch.chdir(root)
    init(root, Registry.discover(os.environ, none=True), Caller.of_process(), Silence(), backend="plain", roles=list(Role))
    (root / "source-data" / "deep").mkdir()
    (root / "source-data" / "raw.csv").write_text("1\n")
    (root / "source-data" / "deep" / "er.csv").write_text("2\n")
    yield find_workspace()


@pytest.fixture
def files(workspace: Workspace) -> DwsFileSystem:
    """The files of the source data: `raw.csv` and `deep/er.csv`."""
    return filesystem("source-data")
