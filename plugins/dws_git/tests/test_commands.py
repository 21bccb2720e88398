"""A git workspace at work through the `dws` command, killed and not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.cli.edge import run
from dws_core.testing.faults import Fault, interruptions

Git = Callable[..., str]


@pytest.fixture
def dws(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The command, given in the workspace; it must succeed."""
    monkeypatch.chdir(root)

    def command(*arguments: str) -> None:
        assert run(["--batch", *arguments]) == 0

    return command


@pytest.fixture
def workspace(root: Path, source: Path, dws: Callable[..., None]) -> Path:
    """A workspace with code, results and a repository of its own."""
    dws("init", "--create-resources", "code,results")
    dws("add", "git", "--role", "source-data", "--read-only", "source")
    (root / "code" / "run.py").write_text("print(1)\n")
    return root


def test_snapshots_and_restores_leave_the_users_own_work_alone(
    workspace: Path, source: Path, git: Git, dws: Callable[..., None]
) -> None:
    """Staged and untracked files of the workspace, and the branches of a read-only repository, are the user's."""
    (workspace / "password.txt").write_text("secret\n")
    (workspace / "staged.txt").write_text("staged\n")
    git(workspace, "add", "staged.txt")
    branches = git(source, "for-each-ref", "refs/heads")
    (workspace / "results" / "results.json").write_text("{}\n")

    dws("snapshot", "ONE")
    (workspace / "code" / "run.py").write_text("print(2)\n")
    (source / "data.csv").write_text("edited\n")
    (workspace / "results" / "results.json").write_text("{}\n")
    dws("snapshot", "TWO")
    dws("restore", "ONE")

    assert git(workspace, "status", "--porcelain").splitlines() == [" M code/run.py", "A  staged.txt", "?? password.txt"]
    assert "password.txt" not in git(workspace, "log", "--all", "--name-only", "--format=")
    assert (workspace / "code" / "run.py").read_text() == "print(1)\n"
    assert git(source, "status", "--porcelain") == "" and git(source, "for-each-ref", "refs/heads") == branches
    assert len([*workspace.glob("results/snapshots/*/results.json")]) == 2
    dws("restore", "TWO")
    assert (source / "data.csv").read_text() == "edited\n"


def test_a_snapshot_that_was_killed_is_whole_or_has_not_happened(
    workspace: Path, git: Git, dws: Callable[..., None], tmp_path: Path
) -> None:
    """Killed at any point, the next command repairs it to before or after, and nothing of the results is lost or split."""
    number = 0

    def prepare() -> None:
        nonlocal number
        number += 1
        for name in ("results.json", "deep/model.bin"):
            place = workspace / "results" / name
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"{number}\n")
        (workspace / "code" / "run.py").write_text(f"print({number})\n")

    for where in interruptions(Fault.KILLED, prepare, lambda: dws("snapshot", f"T{number}"), tmp_path / "scratch"):
        before = git(workspace, "rev-list", "--count", "HEAD")
        dws("config", "hostname", f"host{number}")  # a command that changes something, and so repairs
        results = [
            folder
            for folder in [workspace / "results", *workspace.glob("results/snapshots/*")]
            if (folder / "results.json").exists() and (folder / "results.json").read_text() == f"{number}\n"
        ]
        assert len(results) == 1 and (results[0] / "deep" / "model.bin").read_text() == f"{number}\n", where
        happened = results[0] != workspace / "results"
        assert (git(workspace, "show", "HEAD:code/run.py") == f"print({number})") == happened, (where, before)
        unrecorded = {"?? results/deep/", "?? results/results.json", " M code/run.py", "?? results/", "?? code/"}
        left = set(git(workspace, "status", "--porcelain").splitlines())
        assert left <= (set() if happened else unrecorded), where
        dws("snapshot", f"after-{number}")
        assert git(workspace, "status", "--porcelain") == "", where


def test_a_resource_that_was_taken_back_is_hidden_no_more(workspace: Path, git: Git, dws: Callable[..., None]) -> None:
    """`git status` shows the directory as it did before `dws add`, and not after `dws redo`."""
    (workspace / "data of mine").mkdir()
    (workspace / "data of mine" / "x.csv").write_text("1\n")
    shown = '?? "data of mine/"'
    seen = [shown in git(workspace, "status", "--porcelain")]

    for line in (["add", "local-files", "--role", "source-data", "data of mine"], ["undo"], ["redo"]):
        dws(*line)
        seen.append(shown in git(workspace, "status", "--porcelain"))

    assert seen == [True, False, True, False]
