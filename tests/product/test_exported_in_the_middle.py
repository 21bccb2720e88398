"""Whatever ends a command that writes the lineage of an exported resource: the file is as before, or as after, with the snapshot.

It is ended at points spread over all there are, as in `test_ended_in_the_middle.py`; `nox -s exhaustive` takes every one.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dws_core import LineageBuilder
from dws_core.cli.edge import run
from dws_core.testing.faults import Fault, interruptions

# The command that is ended, by a name for it; what is done before it, for some; and what in each copy.
VERBS = {
    "the first snapshot": "snapshot T1",
    "a later snapshot": "snapshot T2",
    "undo": "undo --to 4",
    "redo": "redo",
}
BEFORE = {
    "a later snapshot": ["snapshot T1", "step"],
    "undo": ["snapshot T1", "step", "snapshot T2"],
    "redo": ["snapshot T1", "step", "snapshot T2"],
}
IN_EACH = {"redo": "undo --to 4"}
EVERY, MANY, SOME = None, 20, 4
Shape = dict[str, Any]
Dws = Callable[..., None]


@pytest.fixture
def dws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dws:
    """The command, given in the workspace that is played with; it must succeed. `step` is no verb, but runs one."""

    def command(*arguments: str) -> None:
        monkeypatch.chdir(tmp_path / "played")
        if arguments == ("step",):
            number = len([*Path("between").glob("out*")])
            with LineageBuilder().with_step_name(f"step{number}").with_output_ref("between").eval() as step:
                step.add_output_ref("scores")
                for directory in ("between", "scores"):
                    Path(directory, f"out{number}").write_text(f"{number}")
        else:
            assert run(["--batch", "--quiet", *arguments]) == 0

    return command


@pytest.fixture(params=["git", "plain"])
def made(request: pytest.FixtureRequest, tmp_path: Path, dws: Dws) -> Path:
    """A workspace with exported intermediate data and results that a step wrote; it is copied for each play."""
    root = tmp_path / "played"
    for directory in ("between", "scores"):
        (root / directory).mkdir(parents=True)
    dws("init", "--backend", request.param, "--create-resources", "code", "--hostname", "here")
    dws("add", "local-files", "--export", "--role", "intermediate-data", "between")
    dws("add", request.param.replace("plain", "local-files"), "--export", "--role", "results", "scores")
    dws("step")
    return root.rename(tmp_path / "made")


def shape(root: Path, dws: Dws, capsys: pytest.CaptureFixture[str]) -> Shape:
    """Every file and directory, the snapshots there are, the lineage of what is there, and what has changed."""
    there = {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b""
        for path in sorted(root.rglob("*"))
        if path.relative_to(root).parts[0] not in (".git", ".dataworkspace")
    }
    told = []
    for line in (["report", "history"], ["status"], ["report", "lineage"]):
        capsys.readouterr()
        dws("--json", *line)
        rows = json.loads(capsys.readouterr().out)["tables"][0]["rows"]
        told.append([{name: value for name, value in row.items() if name not in ("Hash", "Created")} for row in rows])
    return {"there": there, "told": told}


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("verb", list(VERBS))
def test_the_file_is_as_before_or_as_after_with_the_snapshot(
    made: Path, tmp_path: Path, dws: Dws, capsys: pytest.CaptureFixture[str], verb: str, fault: Fault
) -> None:
    root, prepared = tmp_path / "played", tmp_path / "prepared"
    shutil.copytree(made, root, symlinks=True)
    for line in BEFORE.get(verb, []):
        dws(*line.split())
    root.rename(prepared)

    def prepare() -> None:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(prepared, root, symlinks=True)
        dws("config", "scratch_directory", "x")  # a copy becomes a clone of its own at its first change
        if verb in IN_EACH:
            dws(*IN_EACH[verb].split())

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
    assert permitted[0] != permitted[1]

    kills = SOME if (root / ".git").exists() else MANY
    most = EVERY if os.environ.get("EVERY_POINT") else kills if fault is Fault.KILLED else SOME
    for where in interruptions(fault, prepare, attempt, tmp_path / "scratch", most=most):
        dws("config", "scratch_directory", "y")  # a command that changes something, and so repairs

        assert shape(root, dws, capsys) in permitted, where
