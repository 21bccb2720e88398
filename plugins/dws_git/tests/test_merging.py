"""Merging what others shared: all of both is kept, nothing unsaved is touched, whatever it meets."""

import os
import random
import shutil
from pathlib import Path

import pytest

from dws_core.testing import read_directory
from dws_core.testing.faults import Fault, interruptions
from dws_git.backend import GitBackend
from dws_git.errors import StagedWorkError, UnfinishedGitError, UnsavedWorkError
from plugins.dws_git.tests.team import Team, git

LINES = "".join(f"line {number}\n" for number in range(20))


def tree(backend: GitBackend) -> str:
    return git(backend.root, "rev-parse", "HEAD^{tree}")


def test_two_edits_of_one_file_are_merged_as_git_merges_them(team: Team) -> None:
    """Different lines of one file are no contradiction."""
    ours, theirs = team.two()
    team.own(ours, {"code.py": LINES})
    team.exchange(ours, theirs)
    team.own(ours, {"code.py": LINES.replace("line 1\n", "ours\n")})
    team.own(theirs, {"code.py": LINES.replace("line 18\n", "theirs\n")})

    team.exchange(theirs, ours)

    for backend in (ours, theirs):
        assert (backend.root / "code.py").read_text() == LINES.replace("line 1\n", "ours\n").replace("line 18\n", "theirs\n")
        assert team.status(backend) == []
    assert git(ours.root, "rev-parse", "HEAD") == git(theirs.root, "rev-parse", "HEAD")


def test_a_file_that_one_renamed_takes_what_the_other_edited(team: Team) -> None:
    """What plain git merges by itself is merged."""
    ours, theirs = team.two()
    team.own(ours, {"old name.py": LINES})
    team.exchange(ours, theirs)
    team.own(ours, {"old name.py": None, "new name.py": LINES})
    team.own(theirs, {"old name.py": LINES.replace("line 9\n", "theirs\n")})

    team.exchange(theirs, ours)

    for backend in (ours, theirs):
        assert not (backend.root / "old name.py").exists()
        assert "theirs\n" in (backend.root / "new name.py").read_text()


def test_where_one_only_went_on_the_other_follows_without_a_commit(team: Team) -> None:
    """A history stays a line as long as it can."""
    ours, theirs = team.two()
    team.record(ours, "one")
    team.share(ours)

    team.pull(theirs)

    assert git(theirs.root, "rev-parse", "HEAD") == git(ours.root, "rev-parse", "HEAD")
    assert team.status(theirs) == []


def test_files_of_every_kind_come_over(team: Team) -> None:
    """Awkward names, symlinks, executables, and files and directories that take each other's place."""
    ours, theirs = team.two()
    team.own(ours, {"a": "file", "b/c": "file", "gone/deep/x": "x", "-rf": "1", "new\nline": "1", "caf\u00e9 \\\"'": "1"})
    team.exchange(ours, theirs)
    team.own(ours, {"a": None, "b/c": None, "gone/deep/x": None, "-rf": "2", "new\nline": "2", "caf\u00e9 \\\"'": "2"})
    (ours.root / "a").mkdir()
    (ours.root / "a" / "tool").write_text("#!/bin/sh\n")
    (ours.root / "a" / "tool").chmod(0o755)
    (ours.root / "b").symlink_to("/nowhere/at all")
    (ours.root / os.fsdecode(b"bytes-\xff")).write_text("1")
    git(ours.root, "add", "--all")
    git(ours.root, "commit", "-q", "-m", "Change kinds")
    team.record(theirs, "so that it is a merge")
    team.share(ours)

    team.pull(theirs)

    skip = {".git", ".dataworkspace"}
    assert read_directory(theirs.root, keep=skip) == read_directory(ours.root, keep=skip)
    assert team.status(theirs) == [] and not (theirs.root / "gone").exists()


def test_line_ends_and_filters_are_those_of_the_clone(team: Team) -> None:
    """A file that is only converted on its way is no unsaved work, and is written as the clone's git writes it."""
    ours, theirs = team.two()
    team.own(ours, {".gitattributes": "*.txt text\n", "notes.txt": "one\n", "other.txt": "one\n"})
    git(theirs.root, "config", "core.autocrlf", "true")
    git(theirs.root, "config", "core.eol", "crlf")
    team.exchange(ours, theirs)
    before = (theirs.root / "notes.txt").read_bytes()
    team.own(ours, {"notes.txt": "two\n", "other.txt": None})
    path = team.record(ours, "one")
    team.share(ours)

    team.pull(theirs)

    assert (before, (theirs.root / "notes.txt").read_bytes()) == (b"one\r\n", b"two\r\n")
    assert (theirs.root / path).read_bytes() == (ours.root / path).read_bytes()
    assert team.status(theirs) == [] and not (theirs.root / "other.txt").exists()


def test_staged_and_unsaved_work_elsewhere_is_left_alone(team: Team) -> None:
    """A pull is no reason to commit, stash or lose anything."""
    ours, theirs = team.two()
    team.own(ours, {"a.txt": "1\n", "b.txt": "1\n"})
    team.exchange(ours, theirs)
    team.own(ours, {"a.txt": "2\n"})
    team.share(ours)
    (theirs.root / "b.txt").write_text("staged\n")
    (theirs.root / "new.txt").write_text("staged\n")
    git(theirs.root, "add", "b.txt", "new.txt")
    (theirs.root / "b.txt").write_text("and edited\n")
    (theirs.root / "untracked.txt").write_text("mine\n")
    before = team.status(theirs)

    team.pull(theirs)

    assert (theirs.root / "a.txt").read_text() == "2\n"
    assert team.status(theirs) == before == ["MM b.txt", "A  new.txt", "?? untracked.txt"]
    assert git(theirs.root, "show", ":b.txt") == "staged" and (theirs.root / "b.txt").read_text() == "and edited\n"


OBSTACLES = {
    "an edited file": ("file.txt", "edited"),
    "a file that was never added": ("fresh.txt", "mine"),
    "an ignored file": ("cache.log", "mine"),
    "a file where a directory is to be": ("new", "mine"),
    "a file in a directory that is to be a file": ("swap/mine.txt", "mine"),
    "an edited file that is to go": ("leaves.txt", "edited"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES)
@pytest.mark.parametrize("staged", [False, True], ids=["in the directory", "staged"])
def test_what_is_recorded_nowhere_is_in_the_way(team: Team, obstacle: str, staged: bool) -> None:
    """The file is named, with the next step, and nothing at all changes."""
    ours, theirs = team.two()
    team.own(ours, {"file.txt": "1\n", "leaves.txt": "1\n", "swap/a": "1\n", "other.txt": "1\n"})
    team.exchange(ours, theirs)
    changes = {"fresh.txt": "1\n", "cache.log": "1\n", "new/deep.txt": "1\n", "swap/a": None, "leaves.txt": None}
    team.own(ours, {**changes, "file.txt": "2\n", "other.txt": "2\n"})
    team.own(ours, {"swap": "a file\n"})
    team.record(theirs, "so that it is a merge")
    team.share(ours)
    path, content = OBSTACLES[obstacle]
    (theirs.root / ".git" / "info" / "exclude").write_text("*.log\n")
    (theirs.root / path).write_text(content)
    if staged:
        git(theirs.root, "add", "--force", path)
        (theirs.root / path).unlink()
    before = read_directory(theirs.root, keep={".git"}), git(theirs.root, "ls-files", "-s"), tree(theirs)

    found = theirs.fetch()
    assert found is not None
    for refused in (theirs.check_merge, theirs.merge):
        with pytest.raises(UnsavedWorkError, match=path.replace(".", r"\.")) as refusal:
            refused(found)

    assert "dws snapshot" in (refusal.value.hint or "")
    after = read_directory(theirs.root, keep={".git"}), git(theirs.root, "ls-files", "-s"), tree(theirs)
    assert after == before


def test_nothing_is_written_through_a_symlink(team: Team) -> None:
    """A directory of the workspace that leads elsewhere is in the way, and what it leads to stays as it is."""
    ours, theirs = team.two()
    team.own(ours, {"data/x": "theirs\n"})
    team.share(ours)
    outside = team.place / "outside"
    outside.mkdir()
    (theirs.root / "data").symlink_to(outside)

    with pytest.raises(UnsavedWorkError, match="data"):
        team.pull(theirs)

    assert [*outside.iterdir()] == []


def test_a_file_that_is_there_already_as_it_comes_is_no_hindrance(team: Team) -> None:
    """Equal content is not lost by being written."""
    ours, theirs = team.two()
    team.own(ours, {"data.csv": "1,2\n", "gone.csv": "1\n"})
    team.exchange(ours, theirs)
    team.own(ours, {"data.csv": "3,4\n", "fresh.csv": "5\n", "gone.csv": None})
    team.share(ours)
    (theirs.root / "data.csv").write_text("3,4\n")
    (theirs.root / "fresh.csv").write_text("5\n")
    (theirs.root / "gone.csv").unlink()

    team.pull(theirs)

    assert team.status(theirs) == []


def contradict(team: Team) -> tuple[GitBackend, str]:
    """Make two clones that changed the same line; answer the one that is to pull, and the other's record."""
    ours, theirs = team.two()
    team.own(ours, {"code.py": LINES, "dir/code.py": "1\n"})
    team.exchange(ours, theirs)
    team.own(theirs, {"code.py": LINES.replace("line 3\n", "theirs\n"), "beside.py": "theirs\n"})
    path = team.record(theirs, "theirs")
    team.share(theirs)
    team.own(ours, {"code.py": LINES.replace("line 3\n", "ours\n")})
    return ours, path


def test_a_contradiction_is_left_to_git_with_the_records_merged(team: Team) -> None:
    """`git status` says what to do, `git merge --continue` ends it, and the records are there whatever the user does."""
    ours, path = contradict(team)

    conflicts = team.pull(ours)
    text, state = (ours.root / "code.py").read_text(), team.status(ours)
    (ours.root / "code.py").write_text("both\n")
    git(ours.root, "add", "code.py")
    git(ours.root, "-c", "core.editor=true", "merge", "--continue")

    assert conflicts == ("code.py",)
    assert all(side in text for side in ("<<<<<<<", "ours\n", "theirs\n", ">>>>>>>"))
    assert state == ["A  beside.py", "UU code.py"]
    assert ours.holds(path) and team.status(ours) == []
    assert ours.push() and ours.fetch() is None
    assert git(ours.root, "show", "HEAD:code.py") == "both"


def test_a_merge_that_is_given_up_leaves_the_records(team: Team) -> None:
    """`git merge --abort` takes the code back, and can be followed by another pull."""
    ours, path = contradict(team)
    team.pull(ours)

    with pytest.raises(UnfinishedGitError, match="merge"):
        ours.check()
    git(ours.root, "merge", "--abort")

    assert team.status(ours) == [] and ours.holds(path) and (ours.root / path).exists()
    assert (ours.root / "code.py").read_text() == LINES.replace("line 3\n", "ours\n")
    assert team.pull(ours) == ("code.py",)


def test_with_something_staged_a_contradiction_is_not_begun(team: Team) -> None:
    """What is staged would go into the merge: it is named instead."""
    ours, _ = contradict(team)
    (ours.root / "staged.py").write_text("staged\n")
    git(ours.root, "add", "staged.py")
    before = tree(ours)

    with pytest.raises(StagedWorkError, match=r"code\.py.*staged\.py") as refusal:
        team.pull(ours)

    assert "git restore --staged" in (refusal.value.hint or "")
    assert team.status(ours) == ["A  staged.py"] and tree(ours) == before


def test_a_git_that_is_too_old_merges_all_but_the_contradiction(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `git merge-tree --write-tree` (git 2.38) the user's own git merges what was changed on both sides."""
    ours, path = contradict(team)
    old = team.place / "old"
    old.mkdir()
    real = shutil.which("git")
    (old / "git").write_text(f'#!/bin/sh\nfor word; do [ "$word" = --write-tree ] && exit 129; done\nexec {real} "$@"\n')
    (old / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{old}:{os.environ['PATH']}")

    conflicts = team.pull(ours)

    assert conflicts == ("code.py",) and ours.holds(path) and team.status(ours) == []
    assert any("git merge" in line for line in team.warnings(ours))


def test_one_removed_what_the_other_edited(team: Team) -> None:
    """A contradiction without lines is named too, and can be ended either way."""
    ours, theirs = team.two()
    team.own(ours, {"code.py": LINES})
    team.exchange(ours, theirs)
    team.own(theirs, {"code.py": None})
    team.share(theirs)
    team.own(ours, {"code.py": "ours\n"})

    conflicts = team.pull(ours)
    git(ours.root, "rm", "-q", "code.py")
    git(ours.root, "commit", "-q", "--no-edit")

    assert conflicts == ("code.py",) and ours.push() and not (ours.root / "code.py").exists()


def test_records_that_somebody_removed_or_rewrote_stay_as_they_were(team: Team) -> None:
    """Whatever somebody's commit says, records are only added; the clones agree again at once, and the user is told."""
    ours, theirs = team.two()
    removed, rewritten = team.record(ours, "one"), team.record(ours, "two")
    team.exchange(ours, theirs)
    right = (ours.root / rewritten).read_bytes()
    team.own(theirs, {removed: None, rewritten: '{"text": "forged"}\n', ".dataworkspace/.gitignore": None})
    late = team.record(theirs, "three")
    team.share(theirs)

    team.exchange(ours, theirs)

    assert git(ours.root, "rev-parse", "HEAD") == git(theirs.root, "rev-parse", "HEAD")
    for backend in (ours, theirs):
        assert (backend.root / rewritten).read_bytes() == right
        assert all(backend.holds(path) for path in (removed, rewritten, late, ".dataworkspace/.gitignore"))
        assert team.status(backend) == []
    assert any(Path(removed).name in line or Path(rewritten).name in line for line in team.warnings(ours))


def test_a_record_that_we_removed_ourselves_comes_back_from_the_others(team: Team) -> None:
    """Also where it is this clone whose history took it away."""
    ours, theirs = team.two()
    path = team.record(ours, "one")
    team.exchange(ours, theirs)
    team.own(ours, {path: None})
    team.record(theirs, "two")
    team.share(theirs)

    found = ours.fetch()
    team.exchange(ours, theirs)

    assert found is not None and path in found.records
    assert ours.holds(path) and theirs.holds(path) and (ours.root / path).exists()


def test_a_merge_by_plain_git_gives_the_same_tree(team: Team) -> None:
    """A git host's merge button, with git's defaults, meets no contradiction either."""
    ours, theirs = team.two()
    team.own(ours, {"code.py": LINES})
    team.exchange(ours, theirs)
    for number in range(5):
        team.record(ours, f"ours {number}")
        team.record(theirs, f"theirs {number}")
    team.own(theirs, {"code.py": LINES.replace("line 5\n", "theirs\n")})
    team.share(theirs)
    web = team.place / "web"
    git(team.place, "clone", "-q", "origin.git", "web")
    git(web, "fetch", "-q", str(ours.root), "main:ours")
    git(web, "merge", "-q", "--no-edit", "ours")

    team.pull(ours)

    assert git(web, "rev-parse", "HEAD^{tree}") == tree(ours)


def test_many_clones_in_any_order_end_with_everything(team: Team) -> None:
    """Pushes and pulls in random order, criss-cross, end with the same history everywhere and no contradiction."""
    chance = random.Random(4)
    ours, theirs = team.two()
    clones = [ours, theirs, *(team.clone(team.place / "origin.git", f"clone {number}") for number in range(2))]
    records: set[str] = set()
    for number in range(16):
        clone = chance.choice(clones)
        records.add(team.record(clone, f"snapshot {number}"))
        if chance.random() < 0.3:
            team.own(clone, {f"code/{clone.root.name}.py": f"{number}\n"})
        if chance.random() < 0.5:
            assert team.pull(clone) == ()
        if chance.random() < 0.6:
            clone.push()

    team.exchange(*clones)

    assert {git(clone.root, "rev-parse", "HEAD") for clone in clones} == {git(team.place / "origin.git", "rev-parse", "main")}
    for clone in clones:
        assert set(clone.recorded(".dataworkspace/snapshots")) == records and team.status(clone) == []


def test_a_criss_cross_that_git_must_merge_twice(team: Team) -> None:
    """Where two histories share several last commits, edits of one file are merged all the same."""
    ours, theirs = team.two()
    team.own(ours, {"code.py": LINES})
    team.exchange(ours, theirs)
    team.own(ours, {"code.py": LINES.replace("line 1\n", "ours\n")})
    team.own(theirs, {"code.py": LINES.replace("line 18\n", "theirs\n")})
    heads = [git(backend.root, "rev-parse", "HEAD") for backend in (ours, theirs)]
    for backend, other, head in ((ours, theirs, heads[1]), (theirs, ours, heads[0])):
        git(backend.root, "fetch", "-q", str(other.root), "main")
        git(backend.root, "merge", "-q", "--no-edit", head)
    team.own(ours, {"code.py": (ours.root / "code.py").read_text().replace("line 9\n", "nine\n")})
    team.record(theirs, "one")

    team.exchange(ours, theirs)

    assert len(git(ours.root, "merge-base", "--all", *heads).splitlines()) <= 2
    for backend in (ours, theirs):
        assert all(word in (backend.root / "code.py").read_text() for word in ("ours\n", "theirs\n", "nine\n"))


def test_killed_anywhere_in_a_contradiction_git_can_go_on(team: Team, tmp_path: Path) -> None:
    """After repair it is before, or a merge under way that the user's git knows how to end."""
    ours, path = contradict(team)
    begin = git(ours.root, "rev-parse", "HEAD")
    found = ours.fetch()
    assert found is not None

    def prepare() -> None:
        git(ours.root, "reset", "-q", "--hard", begin)

    for where in interruptions(Fault.KILLED, prepare, lambda: team.open(ours.root).merge(found), tmp_path / "scratch", most=7):
        opened = team.open(ours.root)
        for stale in opened.stale_files():
            stale.unlink(missing_ok=True)
        opened.repair()
        under_way = (ours.root / ".git" / "MERGE_HEAD").exists()
        assert team.status(opened) == (["A  beside.py", "UU code.py"] if under_way else []), where
        assert opened.holds(path) or not under_way, where
        assert (ours.root / path).exists() == opened.holds(path), where
        if under_way:
            git(ours.root, "merge", "--abort")
        assert team.pull(opened) == ("code.py",), where


def test_killed_after_the_moment_no_commit_of_the_users_takes_anything_back(team: Team, tmp_path: Path) -> None:
    """Before a command of ours repairs it, the user may commit and edit: both hold, and what was merged stays."""
    ours, theirs = team.two()
    team.own(ours, {"a.txt": "1\n", "b.txt": "1\n", "mine.txt": "1\n"})
    team.exchange(ours, theirs)
    number = 1

    def prepare() -> None:
        nonlocal number
        number += 1
        team.exchange(theirs, ours)
        team.own(theirs, {"a.txt": f"{number}\n", "b.txt": f"{number}\n"})
        team.share(theirs)

    for where in interruptions(Fault.KILLED, prepare, lambda: team.pull(team.open(ours.root)), tmp_path / "scratch", most=7):
        happened = (ours.root / ".dataworkspace/local/private/backend/merge-to-be.json").exists()
        (ours.root / ".git" / "index.lock").unlink(missing_ok=True)
        (ours.root / "b.txt").write_text("edited\n")
        (ours.root / "mine.txt").write_text(f"{number}\n")
        git(ours.root, "commit", "-q", "-m", "Mine", "--", "mine.txt")
        opened = team.open(ours.root)
        opened.repair()
        assert (ours.root / "b.txt").read_text() == "edited\n", where
        merged = git(ours.root, "show", "HEAD:b.txt") == f"{number}"
        assert (ours.root / "a.txt").read_text() == git(ours.root, "show", "HEAD:a.txt") + "\n", where
        assert team.status(opened) == [" M b.txt"], where
        assert not happened or not merged or any("b.txt" in line for line in team.warnings(opened)), where
        git(ours.root, "checkout", "-q", "--", "b.txt")
