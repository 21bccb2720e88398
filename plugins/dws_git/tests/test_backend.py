"""The git backend commits what is ours, and leaves everything of the user's as it was."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import PathRefusedError, ToolMissingError
from dws_core.plugin import Commit
from dws_core.testing import make_context
from dws_core.testing.context import Silence
from dws_core.testing.faults import Fault, interruptions
from dws_git.backend import GitBackend
from dws_git.errors import IndexBusyError, UnfinishedGitError
from dws_git.subdirectory import GitSubdirectory

Git = Callable[..., str]
RECORD = ".dataworkspace/snapshots/one.json"
OWN = {".dataworkspace/.gitignore", ".dataworkspace/.gitattributes"}


def write_record(root: Path, path: str = RECORD) -> Commit:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f'{{"path": "{path}"}}\n')
    return Commit("Record one", (path,))


def test_staged_work_stays_staged_and_out_of_our_commit(root: Path, git: Git, backend: GitBackend) -> None:
    """Only our own files are ever committed by us, never the user's staged work."""
    (root / "staged.txt").write_text("staged\n")
    git(root, "add", "staged.txt")
    (root / "staged.txt").write_text("and edited\n")

    backend.commit(write_record(root))

    assert set(git(root, "ls-tree", "-r", "--name-only", "HEAD").splitlines()) == {RECORD, *OWN}
    assert git(root, "status", "--porcelain") == "AM staged.txt"
    assert git(root, "show", ":staged.txt") == "staged"


def test_an_untracked_password_is_never_committed(root: Path, git: Git, backend: GitBackend) -> None:
    """A snapshot does not commit whatever lies about in the workspace."""
    (root / "password.txt").write_text("secret\n")

    backend.commit(write_record(root))

    assert "password.txt" not in git(root, "log", "--all", "--name-only", "--format=")
    assert git(root, "status", "--porcelain") == "?? password.txt"


def test_no_hook_of_the_user_runs(root: Path, git: Git, backend: GitBackend) -> None:
    """A failing pre-commit hook is no reason to fail, and no hook is run on our behalf."""
    hooks = root / ".git" / "hooks"
    for name in ("pre-commit", "commit-msg", "post-commit", "prepare-commit-msg", "reference-transaction", "post-index-change"):
        hook = hooks / name
        hook.write_text(f"#!/bin/sh\necho {name} >>{root}/ran\nexit 1\n")
        hook.chmod(0o755)

    backend.commit(write_record(root))

    assert backend.holds(RECORD)
    assert not (root / "ran").exists()


def test_no_signature_is_asked_for(root: Path, git: Git, backend: GitBackend) -> None:
    """A user who signs commits is not prompted by us."""
    git(root, "config", "commit.gpgSign", "true")
    git(root, "config", "gpg.program", "/bin/false")

    backend.commit(write_record(root))

    assert git(root, "log", "--format=%s") == "Record one"


@pytest.mark.parametrize("branch", ["main", "master", "trunk", "feature/deep"])
@pytest.mark.parametrize("born", [False, True])
def test_any_branch_takes_our_commit(root: Path, git: Git, branch: str, born: bool) -> None:
    """Any default branch name, and one that has no commit yet."""
    git(root, "init", "-q", "-b", branch)
    if born:
        git(root, "commit", "-q", "--allow-empty", "-m", "Begin")
    backend = GitBackend(make_context(root, "backend"))
    backend.init()

    backend.commit(write_record(root))

    assert git(root, "symbolic-ref", "--short", "HEAD") == branch
    assert git(root, "log", "--format=%s").splitlines() == ["Record one", *(["Begin"] if born else [])]


def test_a_detached_head_takes_our_commit_and_no_branch_moves(root: Path, git: Git, backend: GitBackend) -> None:
    """Where the user stands is where the commit goes."""
    git(root, "commit", "-q", "--allow-empty", "-m", "Begin")
    git(root, "checkout", "-q", "--detach")

    backend.commit(write_record(root))

    assert git(root, "log", "--format=%s", "HEAD").splitlines() == ["Record one", "Begin"]
    assert git(root, "log", "--format=%s", "main") == "Begin"


def test_a_linked_working_tree_can_be_a_workspace(root: Path, git: Git, tmp_path: Path) -> None:
    """`git worktree add` makes a repository like any other."""
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "-q")
    git(main, "commit", "-q", "--allow-empty", "-m", "Begin")
    git(main, "worktree", "add", "-q", "-b", "beside", str(root))
    backend = GitBackend(make_context(root, "backend"))
    backend.check_init(root)
    backend.init()
    (root / "data").mkdir()
    (root / "data" / "x").write_text("1\n")

    backend.hide("data")
    backend.commit(write_record(root))

    assert git(root, "log", "--format=%s", "beside").splitlines() == ["Record one", "Begin"]
    assert git(main, "log", "--format=%s", "main") == "Begin"
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize("what", ["merge", "rebase", "cherry-pick", "revert", "bisect"])
def test_in_the_middle_of_something_it_refuses_by_name(root: Path, git: Git, backend: GitBackend, what: str) -> None:
    """During a merge or rebase nothing is committed."""
    file = root / "file"
    for text in ("one\n", "two\n"):
        file.write_text(text)
        git(root, "add", "file")
        git(root, "commit", "-q", "-m", text.strip())
    git(root, "checkout", "-q", "-b", "side", "HEAD~1")
    file.write_text("three\n")
    git(root, "commit", "-q", "-a", "-m", "three")
    commands = {
        "merge": ("merge", "main"),
        "rebase": ("rebase", "main"),
        "cherry-pick": ("cherry-pick", "main"),
        "revert": ("revert", "--no-edit", "HEAD~1"),
    }
    git(root, *commands[what], fails=True) if what in commands else git(root, "bisect", "start")

    with pytest.raises(UnfinishedGitError, match=f"a {what} is under way") as refusal:
        backend.check()

    assert what in (refusal.value.hint or "")


def test_another_git_at_work_is_waited_for_or_named(root: Path, backend: GitBackend) -> None:
    """A lock that is not ours is never removed."""
    backend.commit(write_record(root))
    lock = root / ".git" / "index.lock"
    lock.touch()

    with pytest.raises(IndexBusyError, match=r"index\.lock"):
        backend.check()

    assert lock.exists()


def test_a_lock_that_a_dead_command_of_ours_left_is_no_hindrance(root: Path, git: Git, backend: GitBackend) -> None:
    """Even where another clone's id is on it, as after an `init` that was killed."""
    child = subprocess.Popen(["true"])
    child.wait()
    lock = root / ".git" / "index.lock"
    lock.write_text(f"dws {'f' * 32} {os.uname().nodename} {child.pid}\n")

    backend.check()
    backend.commit(write_record(root))

    assert not lock.exists() and git(root, "status", "--porcelain") == ""


def test_after_the_commit_the_index_holds_what_was_committed(root: Path, git: Git, backend: GitBackend) -> None:
    """The user's next commit does not take our records back."""
    backend.commit(write_record(root))

    assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize("fault", Fault)
def test_ended_in_the_middle_no_later_commit_takes_a_record_back(
    root: Path, git: Git, backend: GitBackend, fault: Fault, tmp_path: Path
) -> None:
    """Once repaired, the index agrees with what was committed, at whatever point the commit was ended."""
    backend.commit(write_record(root))
    number = 0

    def prepare() -> None:
        nonlocal number
        number += 1
        write_record(root, f".dataworkspace/snapshots/{number}.json")

    def work() -> None:
        opened = GitBackend(make_context(root, "backend"))
        opened.commit(Commit("Record one", (f".dataworkspace/snapshots/{number}.json",)))

    for where in interruptions(fault, prepare, work, tmp_path / "scratch"):
        opened = GitBackend(make_context(root, "backend"))
        for stale in opened.stale_files():
            stale.unlink(missing_ok=True)
        opened.repair()
        held = opened.holds(f".dataworkspace/snapshots/{number}.json")
        assert not (root / ".git" / "index.lock").exists(), where
        changed = git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
        assert changed == ([] if held else [f"?? .dataworkspace/snapshots/{number}.json"]), where
        opened.commit(Commit("Record one", (f".dataworkspace/snapshots/{number}.json",)))


def test_a_staged_file_that_differs_from_what_we_commit_is_kept_and_named(
    root: Path, git: Git, backend: GitBackend, subdirectory: Callable[..., GitSubdirectory]
) -> None:
    """Nothing that was staged is lost."""
    code = subdirectory()
    (root / "code" / "a b.py").write_text("staged\n")
    git(root, "add", "code/a b.py")
    (root / "code" / "a b.py").write_text("edited\n")

    backend.commit(Commit("Record one", (), [(code.resource, code.snapshot())]))

    assert isinstance(backend.context.progress, Silence)
    (line,) = backend.context.progress.warnings
    blob = line.split("`git cat-file -p ")[1].rstrip("`")
    git(root, "reflog", "expire", "--expire=all", "--all")
    git(root, "gc", "-q", "--prune=now")
    assert "a b.py" in line and git(root, "cat-file", "-p", blob) == "staged"
    assert git(root, "show", "HEAD:code/a b.py") == "edited"
    assert git(root, "status", "--porcelain") == ""


def test_a_directory_is_committed_as_its_version_says_whatever_lies_there_by_now(
    root: Path, git: Git, backend: GitBackend, subdirectory: Callable[..., GitSubdirectory]
) -> None:
    """What lies in the directory at the moment of the commit does not count."""
    code = subdirectory()
    (root / "code" / "a.py").write_text("one\n")
    version = code.snapshot()
    (root / "code" / "a.py").write_text("two\n")
    (root / "code" / "b.py").write_text("late\n")

    backend.commit(Commit("Record one", (), [(code.resource, version)]))

    assert git(root, "rev-parse", "HEAD:code") == version.id
    assert git(root, "status", "--porcelain").splitlines() == [" M code/a.py", "?? code/b.py"]


def test_a_file_and_a_directory_take_each_others_place(
    root: Path, git: Git, backend: GitBackend, subdirectory: Callable[..., GitSubdirectory]
) -> None:
    """A path that was a file may hold files, and the other way round, in the commit and in the index."""
    code = subdirectory()
    (root / "code" / "x").write_text("file\n")
    (root / "code" / "y").mkdir()
    (root / "code" / "y" / "z").write_text("file\n")
    backend.commit(Commit("Record one", (), [(code.resource, code.snapshot())]))
    (root / "code" / "x").unlink()
    (root / "code" / "x").mkdir()
    (root / "code" / "x" / "z").write_text("file\n")
    (root / "code" / "y" / "z").unlink()
    (root / "code" / "y").rmdir()
    (root / "code" / "y").write_text("file\n")

    backend.commit(Commit("Record two", (), [(code.resource, code.snapshot())]))

    assert git(root, "ls-tree", "-r", "--name-only", "HEAD", "code").splitlines() == ["code/x/z", "code/y"]
    assert git(root, "status", "--porcelain") == ""


def test_a_commit_of_the_users_own_meanwhile_is_built_upon(root: Path, git: Git, backend: GitBackend) -> None:
    """The branch is moved only from where it was looked at."""
    backend.commit(write_record(root))
    (root / "own.txt").write_text("own\n")
    git(root, "add", "own.txt")
    git(root, "commit", "-q", "-m", "Own")

    backend.commit(write_record(root, ".dataworkspace/snapshots/two.json"))

    assert git(root, "log", "--format=%s").splitlines() == ["Record one", "Own", "Record one"]
    assert git(root, "show", "HEAD:own.txt") == "own"


def test_the_users_identity_is_used(root: Path, git: Git, backend: GitBackend) -> None:
    """The author is who git says the user is."""
    backend.commit(write_record(root))

    assert git(root, "log", "--format=%an <%ae> %cn") == "Grace Hopper <grace@example.org> Grace Hopper"


def test_without_an_identity_ours_is_used(root: Path, git: Git, home: Path, backend: GitBackend) -> None:
    """Without a git identity our commits use the one we are given."""
    (home / ".gitconfig").write_text("")

    backend.commit(write_record(root))

    assert git(root, "log", "--format=%an <%ae>") == "Ada Lovelace <ada@example.org>"


def test_a_directory_inside_a_repository_is_refused_and_the_top_named(root: Path, git: Git) -> None:
    """`init` in a subdirectory of a repository refuses and names the top."""
    git(root, "init", "-q")
    inside = root / "deep" / "inside"
    inside.mkdir(parents=True)

    with pytest.raises(PathRefusedError, match=str(root)) as refusal:
        GitBackend.check_init(inside)

    assert str(root) in (refusal.value.hint or "")


def test_a_bare_repository_is_refused(root: Path, git: Git) -> None:
    """There is no place for files in it."""
    git(root, "init", "-q", "--bare")

    with pytest.raises(PathRefusedError, match="bare"):
        GitBackend.check_init(root)


def test_an_existing_repository_is_used_as_it_is(root: Path, git: Git) -> None:
    """`init` in a git repository uses it, and changes nothing of it."""
    git(root, "init", "-q", "-b", "trunk")
    (root / "own.txt").write_text("own\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Own")
    before = git(root, "rev-parse", "HEAD")
    backend = GitBackend(make_context(root, "backend"))

    backend.check_init(root)
    backend.init()

    assert git(root, "rev-parse", "HEAD") == before and git(root, "branch", "--show-current") == "trunk"
    assert git(root, "ls-files") == "own.txt"


def test_local_state_is_never_shown_to_git(root: Path, git: Git, backend: GitBackend) -> None:
    """What is this clone's alone is ignored, in every clone."""
    (root / ".dataworkspace" / "local").mkdir(exist_ok=True)
    (root / ".dataworkspace" / "local" / "journal.json").write_text("{}\n")

    backend.commit(write_record(root))

    assert git(root, "status", "--porcelain", "--untracked-files=all") == ""
    assert git(root, "ls-files", ".dataworkspace/local") == ""


def test_records_keep_their_bytes_in_a_clone_that_converts_line_ends(
    root: Path, git: Git, backend: GitBackend, tmp_path: Path
) -> None:
    """A record is named by its bytes, so git must not change them."""
    backend.commit(write_record(root))

    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(root), "clone")

    assert (tmp_path / "clone" / RECORD).read_bytes() == (root / RECORD).read_bytes()


def test_a_hidden_directory_is_no_news_to_git(root: Path, git: Git, backend: GitBackend) -> None:
    """Names with characters that mean something in a list of patterns are taken as they are."""
    for name in ("data", "#odd [name]*?!", "!other"):
        (root / name).mkdir()
        (root / name / "x").write_text("1\n")
        backend.hide(name)
    backend.hide("data")

    backend.commit(write_record(root))

    assert git(root, "status", "--porcelain") == ""
    assert (root / ".git" / "info" / "exclude").read_text().count("/data/") == 1


def test_the_callers_environment_leads_to_no_other_repository(
    root: Path, git: Git, backend: GitBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called from a git hook, where GIT_DIR and its like are set, we still work on the workspace's repository."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git" / "objects"))

    backend.commit(write_record(root))

    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.delenv(name)
    assert git(root, "log", "--format=%s") == "Record one"
    assert git(other, "count-objects") == "0 objects, 0 kilobytes"


def test_without_git_it_says_how_to_get_it(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing program is named, with the next step."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolMissingError, match="git") as refusal:
        GitBackend.check_init(root)

    assert "install" in (refusal.value.hint or "")


def test_what_was_never_a_version_is_not_held(root: Path, backend: GitBackend) -> None:
    """A record that was written again with other bytes is not the one that was recorded."""
    backend.commit(write_record(root))
    (root / RECORD).write_text("other\n")

    assert not backend.holds(RECORD)
