"""A workspace with the digits, made in this process."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from dws_core import Role, Workspace, find_workspace
from dws_core.operations.add import add
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
        raise AssertionError(message)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace without git: code, results, and the first 200 digits as source data; it is the current directory."""
    root = tmp_path / "quickstart"
    (root / "digits").mkdir(parents=True)
    digits = load_digits()
    np.savetxt(root / "digits" / "data.csv", digits.data[:200], fmt="%d", delimiter=",")
    np.savetxt(root / "digits" / "target.csv", digits.target[:200], fmt="%d")
    monkeypatch.chdir(root)
    caller = Caller.of_process()
    made = init(root, Registry.discover(os.environ), caller, Silent(), backend="plain", roles=[Role.CODE, Role.RESULTS])
    add(made, "local-files", {"local_path": "digits"}, role=Role.SOURCE_DATA)
    yield find_workspace()
