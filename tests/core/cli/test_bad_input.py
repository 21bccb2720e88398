"""Tests of what bad input gets: a clear error with the next step, and a workspace unchanged to the byte."""

import json
from pathlib import Path

import pytest

from .conftest import Dws, contents

MISTAKES = [
    ("init", 1, "is a workspace already", "dws add"),
    ("--workspace-dir code init", 1, "lies inside the workspace", "outside it"),
    ("add local-files --role code missing", 1, "there is no directory", "create it first"),
    ("add local-files --role code .", 1, "it is the workspace itself", "inside or beside it"),
    ("add local-files --role code digits/inner", 1, "overlaps the resource 'digits'", "side by side"),
    ("add local-files --role code ../outside", 1, "lies outside the workspace", "--allow-outside"),
    ("add local-files --role code .dataworkspace", 1, "belongs to git or to the workspace itself", ""),
    ("add local-files --role code --name digits free", 1, "there is a resource 'digits' already", "another name"),
    ("add local-files --role code --name DIGITS free", 1, "there is a resource 'DIGITS' already", "upper and lower case"),
    ("add local-files --role code --name ../x free", 1, "'../x' cannot be the name of a resource", "begins with a letter"),
    ("add local-files --role frob free", 1, "there is no role 'frob'", "source-data"),
    ("add local-files --export --role code free", 1, "'code' is no value for the role of a resource with --export", "results"),
    ("add local-files --imported --role code free", 1, "'code' is no value for the role", "takes one of source-data"),
    ("add local-files --export --imported free", 2, "--export and --imported exclude each other", "--help"),
    ("add api-resource --export", 2, "no such option", "--help"),
    ("add frob free", 1, "there is no resource type 'frob'", "local-files"),
    ("add local-files free", 2, "the role of the resource is needed", "--role"),
    ("snapshot FIRST", 1, "there is a tag 'FIRST' already", "another name"),
    ("snapshot first", 1, "there is a tag 'first' already", "upper and lower case"),
    ("snapshot a/b", 1, "'a/b' cannot be the name of a tag", "begins with a letter"),
    ("snapshot --leave nobody NEW", 1, "there is no resource 'nobody'", "digits"),
    ("restore SECOND", 1, "there is no snapshot 'SECOND'", "FIRST"),
    ("restore 0123456789abcdef", 1, "there is no snapshot '0123456789abcdef'", "FIRST"),
    ("restore --only nobody FIRST", 1, "there is no resource 'nobody'", "digits"),
    ("diff FIRST SECOND", 1, "there is no snapshot 'SECOND'", "FIRST"),
    ("delete-snapshot SECOND", 1, "there is no snapshot 'SECOND'", "FIRST"),
    ("config frob", 1, "there is no setting 'frob'", "hostname"),
    ("config --resource digits frob 1", 1, "there is no setting 'frob'", "local_path"),
    ("config hostname a/b", 1, "'a/b' cannot be the name of a host", "begins with a letter"),
    ("config results_dir_template ../{TAG}", 1, "..", ""),
    ("config results_dir_template {FROB}", 1, "{FROB}", "HOSTNAME"),
    ("publish ../outside", 1, "keeps a history for one clone alone", "dws init --help"),
    ("push", 1, "this workspace has no origin yet", "dws publish URL"),
    ("push --only digits,nobody --dry-run", 1, "this workspace has no origin yet", "dws publish URL"),
    ("pull --accept", 1, "this workspace has no origin yet", "dws publish URL"),
    ("clone --backend plain ../outside ../new", 1, "keeps a history for one clone alone", "dws init --help"),
    ("clone --backend frob ../outside ../new", 1, "there is no backend 'frob'", "plain"),
    ("clone ../outside inside", 1, "lies inside the workspace", "outside it"),
    ("clone --place x ../outside ../new", 2, "'x' is not NAME=DIR", "--help"),
    ("clone --hostname a/b ../outside ../new", 1, "'a/b' cannot be the name of a host", "begins with a letter"),
    ("store add a/b ../outside", 1, "'a/b' cannot be the name of a store", "begins with a letter"),
    ("store add far gopher://host/x", 1, "there is no kind of store 'gopher'", "file"),
    ("store add far file://me:secret@host/x", 1, "'file://host/x' is no value for the URL of a store", "file:///"),
    ("store add far ../nothing/store", 1, "there is no directory", "mount it"),
    ("store remove far", 1, "there is no store 'far'", "at all yet"),
    ("report results --snapshot SECOND", 1, "there is no snapshot 'SECOND'", "FIRST"),
]


@pytest.fixture
def snapshotted(workspace: Path, dws: Dws) -> Path:
    """A workspace with a snapshot, a directory that is no resource yet, and one outside."""
    for name in ("free", "digits/inner", "../outside"):
        (workspace / name).mkdir()
    (workspace / "results" / "results.json").write_text("{}")
    assert dws("snapshot", "FIRST").status == 0
    return workspace


@pytest.mark.parametrize(("line", "status", "message", "hint"), MISTAKES)
def test_a_mistake_changes_nothing(dws: Dws, snapshotted: Path, line: str, status: int, message: str, hint: str) -> None:
    """Exit status 1 or 2, what is wrong, what to do next, and every byte as it was."""
    before = contents(snapshotted.parent)

    ended = dws(*line.split())

    assert ended.status == status
    assert ended.out == ""
    said = ended.err.splitlines()
    assert said[0].startswith("error: ")
    assert message in said[0]
    assert said[1].startswith("hint: ")
    assert hint in said[1]
    assert contents(snapshotted.parent) == before


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("{\n  broken", "line 2: not valid JSON"),
        ("[]", "line 1: not a JSON object"),
        ('{"format": 99}', "is in format 99, and this program knows formats up to 1"),
    ],
)
def test_damaged_metadata_is_named_with_its_line(dws: Dws, snapshotted: Path, damage: str, message: str) -> None:
    """A corrupt or newer file stops every command with its name, and is not overwritten."""
    description = snapshotted / ".dataworkspace" / "workspace.json"
    description.write_text(damage)

    for line in ("status", "snapshot NEW", "report history"):
        ended = dws(*line.split())

        assert ended.status == 1
        assert str(description) in ended.err
        assert message in ended.err
        assert "hint: " in ended.err
    assert description.read_text() == damage


def test_a_damaged_record_is_named(dws: Dws, snapshotted: Path) -> None:
    """The record of a snapshot that cannot be read is named, with the way to get it back."""
    (record,) = (snapshotted / ".dataworkspace" / "snapshots").glob("*.json")
    record.write_text(json.dumps({**json.loads(record.read_text()), "tags": 7}))

    ended = dws("report", "history")

    assert ended.status == 1
    assert record.name in ended.err
    assert "another clone" in ended.err


def test_control_characters_of_a_stranger_never_reach_the_terminal(dws: Dws, workspace: Path) -> None:
    """A message that would clear the screen or turn the reading order is shown escaped, everywhere."""
    evil = "\x1b[2J\u202eevil\x07"
    assert dws("snapshot", "-m", evil, "EVIL").status == 0

    for line in ("report history", "report history --format markdown", "report history --format csv", "--json report history"):
        ended = dws(*line.split())

        assert ended.status == 0
        assert "evil" in ended.out
        assert not set("\x1b\u202e\x07") & set(ended.out)
    assert "\x1b" not in dws("restore", evil).err
