"""Nothing conflicts: twenty clones that push and pull through one plain repository, in random order and at the same time."""

import subprocess
import sys
from pathlib import Path

from tests.product.people import Person, begin, join, make_origin

CLONES, ROUNDS, AT_ONCE = 20, 10, 2
TOP = Path(__file__).parents[2]


def test_twenty_clones_with_ten_snapshots_each_end_with_the_same_two_hundred(tmp_path: Path) -> None:
    """Guarantee 3: metadata is append-only, so plain git merges it, with git's defaults, from any clone.

    Two processes work in ten clones each, as many as a small machine can do at the same time. A push that was
    refused goes again by itself.
    """
    origin = make_origin(tmp_path / "origin.git")
    first = begin(tmp_path / "clone00", store=tmp_path / "store", hostname="clone00")
    first.dws("publish", str(origin), "--allow-missing")
    people = [first]
    for number in range(1, CLONES):
        people.append(join(origin, tmp_path / f"clone{number:02}", "--accept", "--hostname", f"clone{number:02}"))

    working = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.product.at_work",
                str(seed),
                str(ROUNDS),
                *(str(each.root) for each in people[seed::AT_ONCE]),
            ],
            cwd=TOP,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(AT_ONCE)
    ]
    said = [each.communicate()[1] for each in working]
    for verb in ("push", "pull"):
        for each in people:
            each.dws(verb)

    assert [each.returncode for each in working] == [0] * AT_ONCE, said
    histories = [each.history() for each in people]
    assert len(histories[0]) == CLONES * ROUNDS
    assert all(each == histories[0] for each in histories)
    _check_files(people)


def _check_files(people: list[Person]) -> None:
    """Everybody has everybody's code and results, no file of git is in conflict, and any snapshot can be restored."""
    for each in people:
        assert len([*(each.root / "code").glob("clone*.py")]) == CLONES
        assert len([*(each.root / "results" / "snapshots").iterdir()]) == CLONES * ROUNDS
        assert each.git("ls-files", "--unmerged") == ""
    people[0].dws("restore", "--only", "data", f"clone{CLONES - 1:02}-{ROUNDS}")
    last = people[0].read(f"data/clone{CLONES - 1:02}.csv")
    assert last == f"clone{CLONES - 1:02},{ROUNDS}\n" * 20
    people[0].dws("verify")
