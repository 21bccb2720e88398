"""A workspace with the digits, and a home of its own for every program that is started."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables that keep Jupyter, git and dws away from the home folder."""
    home = tmp_path / "home"
    home.mkdir()
    others = ("JPY_", "JUPYTER_", "IPYTHON", "XDG_", "GIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return {
        **kept,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


@pytest.fixture
def workspace(tmp_path: Path, environment: dict[str, str]) -> Path:
    """The quick start's workspace, its data a plain directory."""
    root = tmp_path / "quickstart"
    data = root / "sklearn-digits-dataset"
    data.mkdir(parents=True)
    digits = load_digits()
    np.savetxt(data / "data.csv", digits.data, fmt="%d", delimiter=",")
    np.savetxt(data / "target.csv", digits.target, fmt="%d")
    for words in (
        ["init", "--backend", "plain", "--create-resources", "code,results"],
        ["add", "local-files", "--role", "source-data", "sklearn-digits-dataset"],
    ):
        command = [str(Path(sys.executable).parent / "dws"), *words]
        subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.DEVNULL)
    return root
