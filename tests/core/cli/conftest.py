"""The command line as users meet it: arguments in; exit status, stdout and stderr out."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from dws_core.cli.edge import run

DWS = Path(sys.executable).with_name("dws")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What `--json` answered: exactly one document, and strict JSON."""

        def refuse(name: str) -> None:
            raise AssertionError(f"{name} is no JSON")

        return json.loads(self.out, parse_constant=refuse)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of every table row that was printed."""
        return [[cell.strip() for cell in line[1:-1].split(" | ")] for line in self.out.splitlines() if line.startswith("| ")]


class Dws(Protocol):
    def __call__(self, *args: str) -> Ended: ...


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the user's own configuration, and the terminal, out of the tests."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        place = tmp_path / f"home-{name.lower()}"
        place.mkdir()
        monkeypatch.setenv(name, str(place))
    for name in ("DWS_DISABLE_PLUGINS", "DWS_STRICT_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, and the current one."""
    place = tmp_path / "quickstart"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def dws(here: Path, capsys: pytest.CaptureFixture[str]) -> Dws:
    """`dws` in this process: the same function that the installed command calls."""

    def call(*args: str) -> Ended:
        status = run(args)
        return Ended(status, *capsys.readouterr())

    return call


@pytest.fixture
def installed(here: Path) -> Dws:
    """`dws` as it is installed, in a process of its own."""

    def call(*args: str) -> Ended:
        ended = subprocess.run([DWS, *args], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=60)
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return call


@pytest.fixture
def workspace(here: Path, dws: Dws) -> Iterator[Path]:
    """A workspace without git, with code, results and a directory of source data."""
    assert dws("init", "--create-resources", "code,results", "--backend", "plain", "--hostname", "lab").status == 0
    (here / "digits").mkdir()
    (here / "digits" / "data.csv").write_text("1,2\n")
    assert dws("add", "local-files", "--role", "source-data", "digits").status == 0
    yield here


def contents(directory: Path) -> dict[str, bytes | None]:
    """Everything below a directory, to the byte; the lock's text and what can be made anew of the rest may differ."""
    passing = {"lock", "index", "cache"}
    found = {path.relative_to(directory): path for path in sorted(directory.rglob("*"))}
    return {
        name.as_posix(): path.read_bytes() if path.is_file() else None
        for name, path in found.items()
        if not ("local" in name.parts and passing & set(name.parts))
    }
