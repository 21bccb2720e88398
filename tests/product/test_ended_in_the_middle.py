"""Whatever a verb is ended by, and wherever: the next command finds the workspace as it was before, or as it is after.

A point is every change of the file system, each write of the journal and the objects, and each program started. Here they are
spread over all there are; `nox -s exhaustive` takes every one, which takes ten minutes.
"""

from pathlib import Path
from typing import Any

import pytest

from dws_core.testing.faults import Fault
from tests.product.ended import Stage, endings
from tests.product.people import Person

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


@pytest.fixture(scope="module", params=["git", "plain"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two snapshots, a restore to undo, and unsaved changes; each test has a copy."""
    root = tmp_path_factory.mktemp("made")
    (root / "more").mkdir()
    dws = Person(root).dws
    dws("init", "--backend", request.param, "--create-resources", "code,results", "--hostname", "here")
    write(root, "one", "first")
    dws("snapshot", "T1")
    write(root, "two", "second")
    dws("snapshot", "T2")
    (root / "code" / "unsaved").write_text("unsaved")
    dws("restore", "T1")
    write(root, "three", "third")
    return root


def shape(person: Person) -> Shape:
    """All that people see: every file, what the history and the definitions say, and how things stand to the last snapshot."""
    root = person.root
    files = {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "lineage.json" and path.relative_to(root).parts[0] not in (".git", ".dataworkspace")
    }
    told = []
    for line in (["report", "history"], ["report", "status"], ["status"]):
        rows = person.asks(*line)["tables"][0]["rows"]
        told.append([{name: value for name, value in row.items() if name not in ("Hash", "Created")} for row in rows])
    return {"files": files, "told": told}


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("verb", list(VERBS))
def test_it_is_as_before_or_as_after(made: Path, tmp_path: Path, verb: str, fault: Fault) -> None:
    """And work goes on: the next snapshot can be taken."""
    stage = Stage.of(made, tmp_path)
    person = Person(stage.root)
    person.dws("config", "scratch_directory", "x")  # a copy becomes a clone of its own at its first change
    if verb in BEFORE:
        person.dws(*BEFORE[verb].split())
    stage.keep()
    permitted = [shape(person)]
    person.dws(*VERBS[verb].split())
    permitted.append(shape(person))

    kills = MANY if (made / ".git").exists() else EVERY
    for where in endings(stage, stage.root, VERBS[verb], fault, most=kills if fault is Fault.KILLED else SOME):
        person.dws("config", "scratch_directory", "y")  # a command that changes something, and so repairs

        assert shape(person) in permitted, where
        person.dws("snapshot", "afterwards")
