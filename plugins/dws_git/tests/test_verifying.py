"""What lies in git is looked after too: lost objects are named, lost records come back from the history."""

import json
import subprocess
from pathlib import Path

import pytest

from dws_core.cli.edge import run


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in git, with code that lies in its history and a repository of its own, and a snapshot V1."""
    root = tmp_path / "workspace"
    (root / "library").mkdir(parents=True)
    monkeypatch.chdir(root)
    assert run(["--quiet", "init", "--create-resources", "code", "--hostname", "here"]) == 0
    (root / "library" / "lib.py").write_text("library")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        git(root / "library", *command)
    # What is pushed to an origin is in no bundle beside, from which it would come back.
    git(root / "library", "remote", "add", "origin", "https://library.invalid/")
    assert run(["--quiet", "add", "git", "--role", "code", "library"]) == 0
    (root / "code" / "a.py").write_text("mine")
    assert run(["--quiet", "snapshot", "V1"]) == 0
    return root


def told(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[dict[str, str]]]:
    capsys.readouterr()
    status = run(["--json", "verify", *options])
    document = json.loads(capsys.readouterr().out)
    return status, [row for table in document["tables"] if table["title"] != "Repaired" for row in table["rows"]]


def lose(repository: Path, identity: str) -> None:
    """Take a loose object out of a repository."""
    (repository / ".git" / "objects" / identity[:2] / identity[2:]).unlink()


@pytest.mark.parametrize("where", ["code", "library"])
def test_a_lost_git_object_is_told_with_its_snapshot(root: Path, capsys: pytest.CaptureFixture[str], where: str) -> None:
    """R14: the tree of a version and all below it are there."""
    repository, path = (root, "code/a.py") if where == "code" else (root / "library", "lib.py")
    assert told(capsys) == (0, [])
    blob = git(repository, "hash-object", path)
    lose(repository, blob)

    status, (row,) = told(capsys)

    assert status == 1
    assert blob in row["What"] and row["Where"] == where and row["Affects"] == "V1"


def test_a_lost_commit_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit = git(root / "library", "rev-parse", "HEAD")
    lose(root / "library", commit)

    status, rows = told(capsys)

    assert status == 1
    assert any(commit in row["What"] for row in rows)


def test_what_the_resource_still_has_comes_back_into_git(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Storing the directory anew writes the lost blob."""
    blob = git(root, "hash-object", "code/a.py")
    lose(root, blob)

    assert told(capsys, "--repair") == (0, [])

    assert git(root, "cat-file", "blob", blob) == "mine"


@pytest.mark.parametrize("kind", ["snapshots", "resources", "lineage"])
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_records_come_back_from_the_history(root: Path, capsys: pytest.CaptureFixture[str], kind: str, damage: str) -> None:
    """B10, B11: also before anything else can be read."""
    record = next((root / ".dataworkspace" / kind).iterdir())
    sound = record.read_bytes()
    if damage == "gone":
        record.unlink()
    else:
        record.write_bytes(sound.replace(b'"', b"'", 1))

    status, (row,) = told(capsys)
    assert status == 1 and row["Where"] == f".dataworkspace/{kind}/{record.name}" and "V1" in row["Affects"]
    assert told(capsys, "--repair") == (0, [])

    assert record.read_bytes() == sound
    assert run(["--quiet", "restore", "V1"]) == 0
    assert git(root, "status", "--short", "--", ".dataworkspace") == ""
