"""`dws init --git-lfs-attributes` makes a workspace in which git-lfs keeps some files, or nothing at all."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dws_core.cli.edge import run
from dws_core.testing import make_context
from dws_core.testing.faults import Fault, interruptions
from dws_git.backend import GitBackend
from dws_git.settings import GitBackendSettings

Git = Callable[..., str]

pytestmark = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="needs lfs: sudo apt-get install git-lfs")

LINE = "filter=lfs diff=lfs merge=lfs -text"
MOST = None if os.environ.get("EVERY_POINT") else 8


@pytest.fixture
def init(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """The command, given in the directory that is to be a workspace; its exit status."""
    monkeypatch.chdir(root)
    return lambda: run(["--batch", "init", "--create-resources", "code", "--git-lfs-attributes", "*.bin,*.npz"])


@pytest.fixture
def without_lfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which there is git, and nothing else."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(tools))


def test_in_a_repository_that_is_there_attributes_are_added(root: Path, git: Git, init: Callable[[], int]) -> None:
    """What stands there stays, and what is staged beside is nothing of ours."""
    git(root, "init", "-q")
    (root / ".gitattributes").write_text("*.txt text\n")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Mine")
    (root / "staged.txt").write_text("staged\n")
    git(root, "add", "staged.txt")

    status = init()

    assert status == 0
    assert git(root, "show", "HEAD:.gitattributes").splitlines() == ["*.txt text", f"*.bin {LINE}", f"*.npz {LINE}"]
    assert git(root, "status", "--porcelain") == "A  staged.txt"


def test_without_git_lfs_nothing_is_left_behind(
    root: Path, init: Callable[[], int], without_lfs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said how to get it, and the directory is as it was."""
    status = init()

    assert status == 1 and "apt install git-lfs" in capsys.readouterr().err
    assert [*root.iterdir()] == []


def test_without_git_lfs_a_repository_stays_as_it_is(root: Path, git: Git, init: Callable[[], int], without_lfs: None) -> None:
    """Its attributes and settings too."""
    git(root, "init", "-q")
    (root / ".gitattributes").write_text("*.txt text\n")
    before = (root / ".git" / "config").read_text()

    status = init()

    assert status == 1
    assert {path.name for path in root.iterdir()} == {".git", ".gitattributes"}
    assert (root / ".gitattributes").read_text() == "*.txt text\n" and (root / ".git" / "config").read_text() == before


def test_what_was_killed_can_be_done_again(root: Path, git: Git, tmp_path: Path) -> None:
    """Killed anywhere: done again, it is as if nothing had been, and nothing of the first lies about."""

    def prepare() -> None:
        shutil.rmtree(root)
        root.mkdir()
        (root / ".gitattributes").write_text("*.txt text\n")

    def work() -> Sequence[str]:
        backend = GitBackend(make_context(root, "backend"))
        backend.init()
        return backend.set_up(GitBackendSettings(("*.bin",)))

    for where in interruptions(Fault.KILLED, prepare, work, tmp_path / "scratch", most=MOST):
        files = work()

        assert files == (".gitattributes",), where
        assert (root / ".gitattributes").read_text().splitlines() == ["*.txt text", f"*.bin {LINE}"], where
        assert {path.name for path in root.iterdir()} == {".git", ".gitattributes", ".dataworkspace"}, where
        assert git(root, "config", "filter.lfs.required") == "true", where


def test_patterns_may_be_odd(root: Path, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names the files that it looks like, and no other line comes into being."""
    monkeypatch.chdir(root)
    patterns = ["!x.bin", "#y.bin", "a b.bin", "[[]z.bin", "é.bin", 'q"r.bin', "li\nne.bin"]

    status = run(["--batch", "init", "--git-lfs-attributes", ",".join(patterns)])

    names = ["!x.bin", "#y.bin", "a b.bin", "[z.bin", "é.bin", 'q"r.bin', "li\nne.bin"]
    answer = git(root, "check-attr", "-z", "filter", "--", *names, "x.bin", "ne.bin", "other").split("\0")
    assert status == 0
    assert answer[2::3] == ["lfs"] * len(names) + ["unspecified"] * 3
