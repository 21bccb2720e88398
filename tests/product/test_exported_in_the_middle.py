"""Whatever ends a command that writes the lineage of an exported resource: the file is as before, or as after, with the snapshot.

It is ended at points spread over all there are, as in `test_ended_in_the_middle.py`; `nox -s exhaustive` takes every one.
"""

from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from dws_core import LineageBuilder
from dws_core.testing.faults import Fault
from tests.product.ended import Stage, endings
from tests.product.people import Person

# The command that is ended, by a name for it; and what is done before it, for some.
VERBS = {
    "the first snapshot": "snapshot T1",
    "a later snapshot": "snapshot T2",
    "undo": "undo --to 4",
    "redo": "redo",
}
BEFORE = {
    "a later snapshot": ["snapshot T1", "step"],
    "undo": ["snapshot T1", "step", "snapshot T2"],
    "redo": ["snapshot T1", "step", "snapshot T2", "undo --to 4"],
}
PLAIN, SOME = 20, 4
Shape = dict[str, Any]


def does(person: Person, line: str) -> None:
    """Give a command, which must succeed. `step` is no verb, but runs one."""
    if line != "step":
        person.dws(*line.split())
        return
    with chdir(person.root):
        number = len([*Path("between").glob("out*")])
        with LineageBuilder().with_step_name(f"step{number}").with_output_ref("between").eval() as step:
            step.add_output_ref("scores")
            for directory in ("between", "scores"):
                Path(directory, f"out{number}").write_text(f"{number}")


@pytest.fixture(scope="module", params=["git", "plain"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with exported intermediate data and results that a step wrote; each test has a copy."""
    root = tmp_path_factory.mktemp("made")
    for directory in ("between", "scores"):
        (root / directory).mkdir()
    person = Person(root)
    person.dws("init", "--backend", request.param, "--create-resources", "code", "--hostname", "here")
    person.dws("add", "local-files", "--export", "--role", "intermediate-data", "between")
    person.dws("add", request.param.replace("plain", "local-files"), "--export", "--role", "results", "scores")
    does(person, "step")
    return root


def shape(person: Person) -> Shape:
    """Every file and directory, the snapshots there are, the lineage of what is there, and what has changed."""
    root = person.root
    there = {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else b""
        for path in sorted(root.rglob("*"))
        if path.relative_to(root).parts[0] not in (".git", ".dataworkspace")
    }
    told = []
    for line in (["report", "history"], ["status"], ["report", "lineage"]):
        rows = person.asks(*line)["tables"][0]["rows"]
        told.append([{name: value for name, value in row.items() if name not in ("Hash", "Created")} for row in rows])
    return {"there": there, "told": told}


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("verb", list(VERBS))
def test_the_file_is_as_before_or_as_after_with_the_snapshot(made: Path, tmp_path: Path, verb: str, fault: Fault) -> None:
    stage = Stage.of(made, tmp_path)
    person = Person(stage.root)
    person.dws("config", "scratch_directory", "x")  # a copy becomes a clone of its own at its first change
    for line in BEFORE.get(verb, []):
        does(person, line)
    stage.keep()
    permitted = [shape(person)]
    person.dws(*VERBS[verb].split())
    permitted.append(shape(person))
    assert permitted[0] != permitted[1]

    many = fault is Fault.KILLED and not (made / ".git").exists()
    for where in endings(stage, stage.root, VERBS[verb], fault, most=PLAIN if many else SOME):
        person.dws("config", "scratch_directory", "y")  # a command that changes something, and so repairs

        assert shape(person) in permitted, where
