"""Whatever a verb is ended by, and wherever: the next command finds the workspace as it was before, or as it is after.

A point is every change of the file system, each write of the journal and the objects, and each program started. Without git the
kill comes at all of them; `nox -s exhaustive` has everything come at all of them, which takes ten minutes.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dws_core.cli.edge import run
from dws_core.testing.faults import Fault, interruptions

# The command that is ended, by a name for it; and what is done before it, for some.
VERBS = {
    "snapshot": "snapshot T3",
    "restore": "restore T1",
    "undo a restore": "undo --to 3",
    "undo a snapshot": "undo --to 2",
    "redo": "redo",
    "add": "add local-files --role source-data more",
    "config": "config results_dir_template kept/{TAG}",
    "config of the clone": "config hostname there",
    "delete-snapshot": "delete-snapshot T1",
    "gc": "gc",
}
BEFORE = {"redo": "undo --to 2"}
EVERY, MANY, SOME = None, 24, 8
Shape = dict[str, Any]


def write(root: Path, code: str, results: str) -> None:
    (root / "code" / "a.py").write_text(code)
    (root / "code" / code).write_text(code)
    (root / "results" / "deep").mkdir(exist_ok=True)
    (root / "results" / "r.txt").write_text(results)
    (root / "results" / "deep" / "m.bin").write_text(results)


@pytest.fixture
def dws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The command, given in the workspace that is played with; it must succeed."""

    def command(*arguments: str) -> None:
        monkeypatch.chdir(tmp_path / "played")
        assert run(["--batch", "--quiet", *arguments]) == 0

    return command


@pytest.fixture(params=["git", "plain"])
def made(request: pytest.FixtureRequest, tmp_path: Path, dws: Callable[..., None]) -> Path:
    """A workspace with two snapshots, a restore to undo, and unsaved changes; it is copied for each play."""
    root = tmp_path / "played"
    (root / "more").mkdir(parents=True)
    dws("init", "--backend", request.param, "--create-resources", "code,results", "--hostname", "here")
    write(root, "one", "first")
    dws("snapshot", "T1")
    write(root, "two", "second")
    dws("snapshot", "T2")
    (root / "code" / "unsaved").write_text("unsaved")
    dws("restore", "T1")
    write(root, "three", "third")
    return root.rename(tmp_path / "made")


def shape(root: Path, dws: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> Shape:
    """All that people see: every file, what the history and the definitions say, and how things stand to the last snapshot."""
    files = {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "lineage.json" and path.relative_to(root).parts[0] not in (".git", ".dataworkspace")
    }
    told = []
    for line in (["report", "history"], ["report", "status"], ["status"]):
        capsys.readouterr()
        dws("--json", *line)
        rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
        told.append([{name: value for name, value in row.items() if name not in ("Hash", "Created")} for row in rows])
    return {"files": files, "told": told}


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("verb", list(VERBS))
def test_it_is_as_before_or_as_after(
    made: Path, tmp_path: Path, dws: Callable[..., None], capsys: pytest.CaptureFixture[str], verb: str, fault: Fault
) -> None:
    root = tmp_path / "played"

    def prepare() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(made, root, symlinks=True)
        dws("config", "scratch_directory", "x")  # a copy becomes a clone of its own at its first change
        if verb in BEFORE:
            dws(*BEFORE[verb].split())

    def attempt() -> None:
        """Run the verb; it may refuse, with an error that was foreseen."""
        capsys.readouterr()
        if run(["--batch", "--quiet", *VERBS[verb].split()]) != 0:
            said = capsys.readouterr().err
            assert "mistake in dws" not in said, said
            raise OSError(said)

    prepare()
    permitted = [shape(root, dws, capsys)]
    dws(*VERBS[verb].split())
    permitted.append(shape(root, dws, capsys))

    kills = MANY if (root / ".git").exists() else EVERY
    most = EVERY if os.environ.get("EVERY_POINT") else kills if fault is Fault.KILLED else SOME
    for where in interruptions(fault, prepare, attempt, tmp_path / "scratch", most=most):
        dws("config", "scratch_directory", "y")  # a command that changes something, and so repairs

        assert shape(root, dws, capsys) in permitted, where
        dws("snapshot", "afterwards")
