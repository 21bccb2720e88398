"""Two people, one workspace: published, cloned, pushed and pulled through the real command."""

import shutil
from pathlib import Path

import pytest

from tests.product.people import Person, begin, join, make_origin


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    return make_origin(tmp_path / "origin.git")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def ada(tmp_path: Path, origin: Path, store: Path) -> Person:
    """Somebody who has published a workspace with one snapshot."""
    ada = begin(tmp_path / "ada" / "weather", store=store)
    ada.write("results/results.json", '{"metrics": {"accuracy": 0.5}}')
    ada.dws("snapshot", "-m", "first", "V1")
    ada.dws("publish", str(origin))
    return ada


@pytest.fixture
def bob(tmp_path: Path, origin: Path, ada: Person) -> Person:
    """A colleague who has cloned it."""
    return join(origin, tmp_path / "bob" / "weather", "--accept")


def test_a_clone_has_everything_and_nothing_counts_as_changed(ada: Person, bob: Person) -> None:
    """Code and results come with git, data from the store; the history is the same."""
    assert bob.history() == ada.history()
    assert (bob.read("data/d.csv"), bob.read("code/a.py")) == ("1\n", "one\n")
    assert bob.read("results/snapshots/desk-V1/results.json") == '{"metrics": {"accuracy": 0.5}}'
    assert set(bob.states().values()) == {"unchanged"}


def test_what_each_does_reaches_the_other(ada: Person, bob: Person) -> None:
    """Both go on from where they are, push and pull, and have the same history in the end."""
    ada.write("code/ada.py", "ada")
    ada.dws("snapshot", "A1")
    bob.write("code/bob.py", "bob")
    bob.write("data/d.csv", "22\n")
    bob.dws("snapshot", "B1")
    ada.dws("push")
    bob.dws("push")
    ada.dws("pull")
    bob.dws("pull")

    assert sorted(ada.tags()) == ["A1", "B1", "V1"]
    assert ada.history() == bob.history()
    assert (ada.read("code/bob.py"), bob.read("code/ada.py")) == ("bob", "ada")


def test_stored_data_stays_until_it_is_restored(ada: Person, bob: Person) -> None:
    """A pull changes no file of a stored resource; `restore` brings what another had, content included."""
    bob.write("data/d.csv", "22\n")
    bob.write("data/new.csv", "new\n")
    bob.dws("snapshot", "B1")
    bob.dws("push")

    ada.dws("pull")
    before = ada.read("data/d.csv")
    ada.dws("restore", "B1")

    assert (before, ada.read("data/d.csv"), ada.read("data/new.csv")) == ("1\n", "22\n", "new\n")


def test_results_of_others_are_added_beside_ones_own(ada: Person, bob: Person) -> None:
    """Results that the history carries, each in the directory of its snapshot."""
    for person, name in ((ada, "A1"), (bob, "B1")):
        person.write("results/r.txt", name)
        person.dws("snapshot", name)
        person.dws("push")
    ada.dws("pull")
    bob.dws("pull")

    for person in (ada, bob):
        found = {path.parent.name: path.read_text() for path in (person.root / "results" / "snapshots").glob("*/r.txt")}
        assert sorted(found.values()) == ["A1", "B1"]


def test_stored_results_of_others_are_added_too(tmp_path: Path, origin: Path, store: Path) -> None:
    """Results in a plain directory come from the store, without anything else of it being touched."""
    ada = begin(tmp_path / "ada" / "w", store=store)
    (ada.root / "out").mkdir()
    ada.dws("add", "local-files", "--role", "results", "out")
    ada.write("out/r.txt", "ada's")
    ada.dws("snapshot", "A1")
    ada.dws("publish", str(origin))
    bob = join(origin, tmp_path / "bob" / "w", "--accept")
    bob.write("out/r.txt", "bob's")
    bob.dws("snapshot", "B1")
    bob.dws("push")
    ada.write("out/unsaved.txt", "unsaved")

    said = ada.dws("pull")

    host = bob.asks("config", "hostname")["tables"][0]["rows"][0]["Value"]
    assert f"out:/snapshots/{host}-B1" in said
    assert bob.read("out/snapshots/desk-A1/r.txt") == "ada's"
    assert ada.read(f"out/snapshots/{host}-B1/r.txt") == "bob's"
    assert ada.read("out/unsaved.txt") == "unsaved"


def test_a_pull_with_nothing_new_says_so(ada: Person, bob: Person) -> None:
    """And so does a push."""
    assert bob.dws("pull").startswith("Nothing new at ")
    assert ada.dws("push").startswith("Nothing to push: ")


def test_a_dry_run_tells_and_changes_nothing(ada: Person, bob: Person, origin: Path, tmp_path: Path) -> None:
    """Of push, pull, and clone."""
    bob.write("code/b.py", "b")
    bob.dws("snapshot", "B1")
    told = bob.dws("push", "--dry-run")
    before = ada.dws("pull", "--dry-run")
    bob.dws("push")
    after = ada.dws("pull", "--dry-run")
    cloned = Person(tmp_path).dws("clone", "--dry-run", str(origin), "third")

    assert "Would push" in told and "B1" in told
    assert before.startswith("Nothing new")
    assert "Would pull" in after and "B1" in after
    assert "Would clone the workspace weather" in cloned and "data: local-files, source-data" in cloned
    assert ada.tags() == ["V1"]
    assert not (tmp_path / "third").exists()
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_content_with_no_store_is_not_pushed_unasked(tmp_path: Path, origin: Path) -> None:
    """Otherwise it would be found missing a month later, by somebody else."""
    ada = begin(tmp_path / "ada")
    ada.dws("snapshot", "V1")

    refused = ada.tries("publish", str(origin))
    left = ada.git("remote")
    allowed = ada.dws("publish", str(origin), "--allow-missing")

    assert refused.status == 1
    assert "no store for the content of snapshot V1" in refused.err and "dws store add NAME URL" in refused.err
    assert left == ""
    assert "stays in this clone alone" in allowed


def test_a_store_that_a_clone_was_not_told_to_use_gets_nothing(ada: Person, origin: Path, tmp_path: Path) -> None:
    """It may be a stranger's: the message shows it in full, with the command that lets content go there."""
    bob = join(origin, tmp_path / "bob")
    bob.write("data/d.csv", "bob's own")
    bob.dws("snapshot", "B1")

    refused = bob.tries("push")
    bob.dws("push", "--accept")

    assert refused.status == 1
    assert "dws store add shared file://" in refused.err
    assert bob.dws("push").startswith("Nothing to push")


def test_content_that_nobody_pushed_is_told_with_who_must_push_it(tmp_path: Path, origin: Path, store: Path) -> None:
    """It names the snapshot, who took it, on which machine, and what they must run; then it comes."""
    ada = begin(tmp_path / "ada")
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(origin), "--allow-missing")
    Person(tmp_path).dws("clone", str(origin), "bob")
    bob = Person(tmp_path / "bob")
    ada.write("data/d.csv", "second")
    ada.dws("snapshot", "V2")
    ada.dws("push", "--allow-missing")

    pulled = bob.tries("pull")
    restored = bob.tries("restore", "V2")
    ada.dws("store", "add", "shared", str(store))
    ada.dws("push")
    again = bob.tries("pull")
    bob.dws("restore", "V2")

    assert pulled.status == 1
    for said in (pulled.out, restored.err):
        assert "V2" in said and "dws push" in said and "desk" in said
    assert restored.status == 1
    assert again.status == 0
    assert bob.read("data/d.csv") == "second"


def test_the_same_tag_in_two_clones_is_no_conflict(ada: Person, bob: Person) -> None:
    """Using it names both snapshots and their machines."""
    for person in (ada, bob):
        person.write("code/same.py", "same")
        person.dws("snapshot", "SAME")
        person.dws("push")
    ada.dws("pull")

    refused = ada.tries("restore", "SAME")
    hashes = [identity for identity, tags in ada.history() if tags == "SAME"]
    ada.dws("restore", hashes[1])

    assert refused.status == 1
    assert all(identity in refused.err for identity in hashes) and " of desk" in refused.err
    assert len(hashes) == 2


def test_a_conflict_in_the_users_own_files_is_left_to_git(ada: Person, bob: Person) -> None:
    """All snapshots are there at once, the message names the file and the way on, and after it all is as after any pull."""
    for person, text in ((ada, "ada\n"), (bob, "bob\n")):
        person.write("code/a.py", text)
        person.dws("snapshot", f"OF-{text.strip().upper()}")
    ada.dws("push")

    refused = bob.tries("pull")
    there = bob.tags()
    still = bob.tries("snapshot", "MORE")
    bob.write("code/a.py", "both\n")
    bob.git("add", "code/a.py")
    bob.git("commit", "--no-edit", "--quiet")
    bob.dws("snapshot", "BOTH")
    bob.dws("push")
    ada.dws("pull")

    assert refused.status == 1
    assert "code/a.py" in refused.err and "dws pull" in refused.err
    assert sorted(there) == ["OF-ADA", "OF-BOB", "V1"]
    assert still.status == 1 and "merge" in still.err
    assert ada.read("code/a.py") == "both\n"
    assert ada.history() == bob.history()


def test_unsaved_work_is_never_overwritten(ada: Person, bob: Person) -> None:
    """Edited here, changed there: the pull stops before anything changes, names the file, and works after a snapshot."""
    ada.write("code/a.py", "two\n")
    ada.write("code/fresh.py", "of ada")
    ada.dws("snapshot", "A1")
    ada.dws("push")
    bob.write("code/fresh.py", "of bob, in no snapshot")

    refused = bob.tries("pull")
    (bob.root / "code" / "fresh.py").rename(bob.root / "code" / "mine.py")
    bob.dws("pull")

    assert refused.status == 1
    assert "code/fresh.py" in refused.err
    assert bob.read("code/mine.py") == "of bob, in no snapshot"
    assert (bob.read("code/a.py"), bob.read("code/fresh.py")) == ("two\n", "of ada")


def test_a_pull_can_be_taken_back(ada: Person, bob: Person) -> None:
    """Files are as before; what came stays in the history, for it is not ours to take out."""
    ada.write("code/a.py", "two\n")
    ada.dws("snapshot", "A1")
    ada.dws("push")
    bob.dws("pull")

    bob.dws("undo")
    back = bob.read("code/a.py")
    bob.dws("redo")

    assert back == "one\n"
    assert bob.read("code/a.py") == "two\n"
    assert bob.tags() == ["V1", "A1"]


def test_a_resource_that_was_added_elsewhere_arrives(ada: Person, bob: Person) -> None:
    """With its content, and git does not look at it."""
    (ada.root / "more").mkdir()
    ada.write("more/m.bin", "more")
    ada.dws("add", "local-files", "--role", "source-data", "more")
    ada.dws("snapshot", "A1")
    ada.dws("push")

    bob.dws("pull")

    assert bob.read("more/m.bin") == "more"
    assert set(bob.states().values()) == {"unchanged"}
    assert "more" not in bob.git("status", "--porcelain")


def test_a_place_outside_lies_inside_the_clone_unless_given(tmp_path: Path, origin: Path, store: Path) -> None:
    """What was outside at one machine is a setting of that clone alone."""
    ada = begin(tmp_path / "ada", store=store)
    outside = tmp_path / "ada-data"
    outside.mkdir()
    (outside / "o.csv").write_text("outside")
    ada.dws("add", "local-files", "--role", "source-data", "--allow-outside", "--name", "far", str(outside))
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(origin))

    bob = join(origin, tmp_path / "bob")
    eve = join(origin, tmp_path / "eve", "--place", f"far={tmp_path / 'eve-data'}")

    assert bob.read("far/o.csv") == "outside"
    assert (tmp_path / "eve-data" / "o.csv").read_text() == "outside"
    assert set(bob.states().values()) == set(eve.states().values()) == {"unchanged"}


def test_two_clones_on_one_machine_have_names_of_their_own(ada: Person, origin: Path, tmp_path: Path) -> None:
    """Results of both would otherwise lie in one directory."""
    clones = [join(origin, tmp_path / f"clone{number}") for number in range(2)]

    names = [each.asks("config", "hostname")["tables"][0]["rows"][0]["Value"] for each in clones]

    assert len({*names, "desk"}) == 3


def test_a_clone_with_no_resources_gets_them_at_the_next_pull(ada: Person, origin: Path, tmp_path: Path) -> None:
    """And with `--only`, those alone."""
    bare = join(origin, tmp_path / "bare", "--no-resources")
    before = bare.states()
    bare.dws("pull")

    assert before["data"] == "missing"
    assert set(bare.states().values()) == {"unchanged"}


def test_a_store_that_cannot_be_reached_is_named_and_the_clone_works(
    ada: Person, origin: Path, store: Path, tmp_path: Path
) -> None:
    """What cannot be got is listed with the reason, and comes with a later pull."""
    store.rename(tmp_path / "unmounted")
    done = Person(tmp_path).tries("clone", str(origin), "bob")
    bob = Person(tmp_path / "bob")
    (tmp_path / "unmounted").rename(store)
    bob.dws("pull")

    assert done.status == 0
    assert "Not got: data:" in done.out and "shared" in done.out
    assert bob.read("data/d.csv") == "1\n"


def test_a_store_may_be_mounted_elsewhere(ada: Person, origin: Path, store: Path, tmp_path: Path) -> None:
    """A store is known by its mark, wherever it lies; another place of the same name is refused."""
    moved = store.rename(tmp_path / "mounted-here")
    Person(tmp_path).dws("clone", str(origin), "bob")
    bob = Person(tmp_path / "bob")
    wrong = bob.tries("store", "add", "shared", str(tmp_path / "nothing"))
    bob.dws("store", "add", "shared", str(moved))
    bob.dws("pull")

    assert wrong.status == 1
    assert bob.read("data/d.csv") == "1\n"


def test_deleting_a_snapshot_reaches_others_and_can_be_taken_back(ada: Person, bob: Person) -> None:
    """What is taken out is a record too, and so is what comes back."""
    ada.dws("delete-snapshot", "V1")
    ada.dws("push")
    bob.dws("pull")
    gone = bob.tags()
    ada.dws("undo")
    ada.dws("push")
    bob.dws("pull")

    assert gone == []
    assert bob.tags() == ["V1"]


def test_a_clone_of_a_clone_of_what_was_never_published(tmp_path: Path) -> None:
    """Pushing and pulling need an origin, and the message tells how to give one."""
    ada = begin(tmp_path / "ada")

    for verb in ("push", "pull"):
        refused = ada.tries(verb)
        assert refused.status == 1
        assert "dws publish URL" in refused.err


def test_gc_and_verify_find_all_well_in_every_clone(ada: Person, bob: Person) -> None:
    """What was not fetched is not damage, and what came is needed."""
    for number in range(3):
        ada.write("data/d.csv", f"state {number}\n" * 100)
        ada.dws("snapshot", f"N{number}")
        ada.dws("push")
    bob.dws("pull")
    shutil.rmtree(bob.root / "data")
    bob.dws("restore", "N1")

    for person in (ada, bob):
        person.dws("verify")
        person.dws("gc")
        person.dws("verify")
    bob.dws("restore", "N0")
    assert bob.read("data/d.csv") == "state 0\n" * 100
