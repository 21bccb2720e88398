"""A push or pull that is ended anywhere: nobody sees what cannot be restored, nobody loses anything, and it is simply done again.

`nox -s exhaustive` has everything come at all points.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.cli.edge import run
from dws_core.testing.faults import Fault, interruptions
from tests.product.people import Person, begin, join, make_origin

MOST = None if os.environ.get("EVERY_POINT") else 10

Dws = Callable[..., str]


@pytest.fixture
def dws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Dws:
    """The command, given by somebody of the team that is played with; it must succeed."""

    def command(who: str, *arguments: str) -> str:
        monkeypatch.chdir(tmp_path / "played" / who)
        capsys.readouterr()
        status = run(["--batch", *arguments])
        said = capsys.readouterr()
        assert status == 0, (who, arguments, said)
        return said.out

    return command


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Ada and Bob, each with a snapshot that the other has not got; Bob has pushed his. It is copied for each play."""
    top = tmp_path / "played"
    origin = make_origin(top / "origin.git")
    ada = begin(top / "ada", store=top / "store", hostname="ada")
    ada.dws("add", "git", "--role", "code", str(_repository(top)))
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(origin))
    bob = join(origin, top / "bob", "--accept", "--hostname", "bob", "--skip", "library")
    for person in (ada, bob):
        name = person.root.name
        person.write(f"code/{name}.py", name)
        person.write("data/d.csv", f"of {name}\n" * 1000)
        person.write("results/r.txt", name)
        person.dws("snapshot", f"OF-{name.upper()}", *(["--leave", "library"] if name == "bob" else []))
    bob.dws("push", "--skip", "library", "--accept")
    return top.rename(tmp_path / "made")


def _repository(top: Path) -> Path:
    """A repository of its own, in the workspace of Ada."""
    library = Person(top / "ada" / "library")
    library.write("lib.py", "lib\n")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "Begin"]):
        library.git(*command)
    make_origin(top / "library.git")
    library.git("remote", "add", "origin", str(top / "library.git"))
    library.git("push", "--quiet", "origin", "main")
    return library.root


def _tags(dws: Dws, who: str) -> list[str]:
    rows = json.loads(dws(who, "--json", "report", "history"))["tables"][0]["rows"]
    return sorted(row["Tags"] for row in rows)


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("verb", ["push", "pull"])
def test_ended_anywhere_it_can_be_done_again_and_nobody_sees_half(
    made: Path, tmp_path: Path, dws: Dws, verb: str, fault: Fault
) -> None:
    """Ada is ended. Bob pulls, and can restore all that he sees; then Ada does it again, and both have the same."""
    top = tmp_path / "played"

    def prepare() -> None:
        shutil.rmtree(top, ignore_errors=True)
        shutil.copytree(made, top, symlinks=True)
        for who in ("ada", "bob"):
            dws(who, "config", "scratch_directory", "x")  # a copy becomes a clone of its own at its first change

    def attempt() -> None:
        os.chdir(top / "ada")
        if run(["--batch", "--quiet", verb]) != 0:
            raise OSError("refused")

    for where in interruptions(fault, prepare, attempt, tmp_path / "scratch", most=MOST):
        dws("bob", "pull", "--skip", "library")
        for tag in _tags(dws, "bob"):
            dws("bob", "restore", "--leave", "library", tag)
        unsaved = (top / "ada" / "code" / "ada.py").read_text()
        dws("ada", "pull")
        dws("ada", "push")
        dws("bob", "pull", "--skip", "library")
        assert _tags(dws, "ada") == _tags(dws, "bob") == ["OF-ADA", "OF-BOB", "V1"], where
        assert unsaved == "ada", where
        assert (top / "ada" / "code" / "bob.py").read_text() == "bob", where
        dws("bob", "restore", "--leave", "library", "OF-ADA")
        assert (top / "bob" / "data" / "d.csv").read_text() == "of ada\n" * 1000, where
