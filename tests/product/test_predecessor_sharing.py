"""What failed in the tool that this one follows when two people shared: each failure, played with the real command.

Failure 3, code and paths of strangers, is `test_strangers.py` and `test_strangers_sharing.py`.
"""

from pathlib import Path

import pytest

from tests.product.people import Person, begin, join, make_origin


@pytest.fixture
def two(tmp_path: Path) -> tuple[Person, Person]:
    """Ada, who published a workspace, and Bob, who cloned it."""
    origin = make_origin(tmp_path / "origin.git")
    ada = begin(tmp_path / "ada", store=tmp_path / "store")
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(origin))
    return ada, join(origin, tmp_path / "bob", "--accept")


@pytest.mark.parametrize("settings", ["", "[pull]\n\tff = only\n", "[pull]\n\trebase = true\n[push]\n\tdefault = nothing\n"])
def test_two_who_both_snapshot_and_both_add_a_resource_pull_without_conflict(
    two: tuple[Person, Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    """Failure 6: git asked how to reconcile branches, or left its marks in `resources.json`, after which every command died.

    It neither matters how the user has set up git, nor that both resources have one name.
    """
    (tmp_path / "gitconfig").write_text(settings)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    ada, bob = two
    for person in two:
        name = person.root.name
        for place in (f"of-{name}", "both"):
            person.write(f"{place}/{name}.csv", name)
            person.dws("add", "local-files", "--role", "source-data", "--name", place, place)
        person.write(f"code/{name}.py", name)
        person.dws("snapshot", f"OF-{name.upper()}")

    ada.dws("push")
    said = bob.dws("pull")
    bob.dws("push")
    ada.dws("pull")

    assert "OF-ADA" in said
    assert ada.history() == bob.history() and sorted(ada.tags()) == ["OF-ADA", "OF-BOB", "V1"]
    for person in two:
        names = [row["Resource"] for row in person.asks("report", "status")["tables"][0]["rows"]]
        assert sorted(names) == ["both", "both", "code", "data", "of-ada", "of-bob", "results"]
        assert (person.read("code/ada.py"), person.read("of-bob/bob.csv")) == ("ada", "bob")
        assert person.git("status", "--porcelain") == ""
        person.dws("restore", "OF-ADA")


def test_what_is_in_no_resource_is_neither_committed_nor_pushed(two: tuple[Person, Person], tmp_path: Path) -> None:
    """Failure 9: a snapshot committed everything in the repository, a `password.txt` included; what is staged as well."""
    ada, bob = two
    for place in ("password.txt", "private/password.txt", "staged.txt"):
        ada.write(place, "s3cr3t")
    ada.git("add", "staged.txt")
    ada.write("code/a.py", "two\n")

    ada.dws("snapshot", "V2")
    ada.dws("push")
    bob.dws("pull")
    ada.dws("restore", "V1")
    ada.dws("undo")
    ada.dws("push")

    recorded = ada.git("log", "--all", "--name-only", "--format=").splitlines()
    assert not any("password" in path or "staged" in path for path in recorded)
    assert not list(bob.root.rglob("password.txt"))
    shared = [path for place in ("store", "origin.git") for path in (tmp_path / place).rglob("*") if path.is_file()]
    assert not any(b"s3cr3t" in path.read_bytes() for path in shared)
    assert ada.git("diff", "--cached", "--name-only") == "staged.txt\n"
    assert ada.read("password.txt") == "s3cr3t"


def test_a_read_only_repository_gets_no_commit_here_and_nothing_at_its_origin(two: tuple[Person, Person], tmp_path: Path) -> None:
    """Failure 9: restoring it made commits that nobody else has; here it is as it was, and its origin has not changed."""
    ada, _ = two
    library, origin = Person(ada.root / "library"), make_origin(tmp_path / "library.git")
    library.write("lib.py", "one\n")
    for command in (
        ["init", "--quiet"],
        ["remote", "add", "origin", str(origin)],
        ["add", "."],
        ["commit", "--quiet", "-m", "One"],
    ):
        library.git(*command)
    library.git("push", "--quiet", "origin", "main")
    ada.dws("add", "git", "--role", "code", "--read-only", "library")
    ada.dws("snapshot", "LIB-1")
    library.write("lib.py", "two\n")
    library.git("commit", "--quiet", "-am", "Two")
    library.write("lib.py", "unsaved\n")
    ada.dws("snapshot", "LIB-2")
    there = Person(origin).git("for-each-ref"), sorted(path.name for path in origin.rglob("*"))
    branches = library.git("for-each-ref", "refs/heads"), library.git("rev-list", "--count", "--branches")

    ada.dws("restore", "LIB-1")
    first = library.read("lib.py")
    ada.dws("restore", "LIB-2")
    ada.dws("push")
    ada.dws("pull")

    assert (first, library.read("lib.py")) == ("one\n", "unsaved\n")
    assert (library.git("for-each-ref", "refs/heads"), library.git("rev-list", "--count", "--branches")) == branches
    assert (Person(origin).git("for-each-ref"), sorted(path.name for path in origin.rglob("*"))) == there
