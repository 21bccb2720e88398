"""What the system refuses in the middle: the command names the file, and everything is as before it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.product.people import Person

DWS = str(Path(sys.executable).with_name("dws"))
# Root may read and write everything, unless it gives that up.
_AS_OTHERS = ["setpriv", "--inh-caps=-dac_override,-dac_read_search", "--bounding-set=-dac_override,-dac_read_search"]
Shape = dict[str, Any]


def dws(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user whom permissions bind."""
    prefix = _AS_OTHERS if os.geteuid() == 0 else []
    line = [*prefix, DWS, "--batch", *arguments]
    return subprocess.run(line, cwd=directory, capture_output=True, text=True, check=False)


@pytest.fixture(params=["git", "plain"])
def root(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    root = tmp_path / "workspace"
    root.mkdir()
    person = Person(root)
    person.dws("init", "--backend", request.param, "--create-resources", "code,results", "--hostname", "here")
    for name in ("code/a.txt", "code/deep/b.txt", "code/gone.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("one")
    person.dws("snapshot", "V1")
    for name in ("code/a.txt", "code/deep/b.txt", "results/r.txt", "results/run/r.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("two")
    (root / "code" / "gone.txt").unlink()
    yield root
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)


def shape(root: Path) -> Shape:
    """Every file that people see, the history, and the operations that can be taken back."""
    files = {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] not in (".git", ".dataworkspace")
    }
    told = [Person(root).asks(*line)["tables"] for line in (["report", "history"], ["log"])]
    return {"files": files, "told": told}


def refused(root: Path, place: str, mode: int, *line: str) -> str:
    """Run a command while a file or directory has a mode, and answer what it said; nothing may have changed."""
    before = shape(root)
    (root / place).chmod(mode)
    ended = dws(root, *line)
    (root / place).chmod(0o755)

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert shape(root) == before
    assert list(root.rglob(".dws-staging-*")) == []
    return ended.stderr


@pytest.mark.parametrize(
    ("place", "mode", "line"),
    [
        ("code/a.txt", 0o000, "snapshot V2"),
        ("code/deep", 0o000, "snapshot V2"),
        ("results", 0o555, "snapshot V2"),
        ("results/run", 0o555, "snapshot V2"),
        ("code", 0o555, "restore V1"),
        ("code/deep", 0o555, "restore V1"),
        ("code/deep/b.txt", 0o000, "restore V1"),
    ],
)
def test_what_may_not_be_read_or_written_is_named(root: Path, place: str, mode: int, line: str) -> None:
    """A file, a directory and a place for results; the next command needs no help."""
    said = refused(root, place, mode, *line.split())

    assert place.rpartition("/")[2] in said
    assert "ermission denied" in said
    assert dws(root, *line.split()).returncode == 0


@pytest.mark.parametrize("line", ["snapshot V2", "restore V1", "config hostname there", "delete-snapshot V1"])
@pytest.mark.parametrize("place", [".dataworkspace/local", ".dataworkspace"])
def test_metadata_that_may_not_be_written_is_named(root: Path, place: str, line: str) -> None:
    """A whole workspace that can only be read is no reason for half a change."""
    before = shape(root)
    directories = [root / place, *(path for path in (root / place).rglob("*") if path.is_dir())]
    for path in directories:
        path.chmod(0o555)
    ended = dws(root, *line.split())
    for path in directories:
        path.chmod(0o755)

    assert ended.returncode == 1
    assert "ermission denied" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert shape(root) == before
    assert dws(root, *line.split()).returncode == 0


@pytest.fixture
def change_while_running() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command while a script of the shell's goes on changing what it reads."""

    def run(root: Path, script: str, *line: str) -> subprocess.CompletedProcess[str]:
        with subprocess.Popen(["sh", "-c", f"while :; do {script}; done"], cwd=root) as changing:
            try:
                return dws(root, *line)
            finally:
                changing.kill()

    return run


def test_a_file_that_never_rests_is_refused_by_name(root: Path, change_while_running: Callable[..., Any]) -> None:
    """It is read again, and after three tries the snapshot stops; nothing is recorded that never was."""
    (root / "code" / "big.bin").write_bytes(bytes(48 << 20))
    before = {key: value for key, value in shape(root).items() if key == "told"}

    ended = change_while_running(root, "echo more >> code/big.bin", "snapshot", "V2")

    assert ended.returncode == 1
    assert "big.bin" in ended.stderr
    assert {key: value for key, value in shape(root).items() if key == "told"} == before
    assert dws(root, "snapshot", "V2").returncode == 0
