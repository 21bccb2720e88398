"""A push or pull that is ended anywhere: nobody sees what cannot be restored, nobody loses anything, and it is simply done again.

`nox -s exhaustive` has everything come at all points.
"""

from pathlib import Path

import pytest

from dws_core.testing.faults import Fault
from tests.product.ended import Stage, endings
from tests.product.people import Person, begin, join, make_origin

MOST = 10


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Ada and Bob, each with a snapshot that the other has not got; Bob has pushed his."""
    stage = Stage(tmp_path / "played", tmp_path / "kept")
    top = stage.root
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
    stage.keep()
    return stage


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


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("verb", ["push", "pull"])
def test_ended_anywhere_it_can_be_done_again_and_nobody_sees_half(stage: Stage, verb: str, fault: Fault) -> None:
    """Ada is ended. Bob pulls, and can restore all that he sees; then Ada does it again, and both have the same."""
    ada, bob = Person(stage.root / "ada"), Person(stage.root / "bob")

    for where in endings(stage, ada.root, verb, fault, most=MOST):
        bob.dws("pull", "--skip", "library")
        for tag in bob.tags():
            bob.dws("restore", "--leave", "library", tag)
        unsaved = ada.read("code/ada.py")
        ada.dws("pull")
        ada.dws("push")
        bob.dws("pull", "--skip", "library")
        assert sorted(ada.tags()) == sorted(bob.tags()) == ["OF-ADA", "OF-BOB", "V1"], where
        assert unsaved == "ada", where
        assert ada.read("code/bob.py") == "bob", where
        bob.dws("restore", "--leave", "library", "OF-ADA")
        assert bob.read("data/d.csv") == "of ada\n" * 1000, where
