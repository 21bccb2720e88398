"""Opening is safe: a workspace from a stranger runs nothing, and reads or writes nothing outside."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.product.near import Ended, run_near

Json = dict[str, Any]


def git(directory: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Stranger", "-c", "user.email=stranger@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True, capture_output=True)


def dws(directory: Path, *arguments: str) -> Ended:
    return run_near(directory, [*arguments])


class Stranger:
    """A workspace made to do harm, and the clone of it that a user opens."""

    def __init__(self, tmp_path: Path) -> None:
        self.made = tmp_path / "made"
        self.clone = tmp_path / "clone"
        self.outside = tmp_path / "outside"
        for directory in (self.made, self.outside):
            directory.mkdir()
        (self.outside / "precious").write_text("precious")
        assert dws(self.made, "init", "--create-resources", "code").status == 0
        (self.made / "code" / "a.py").write_text("a")
        assert dws(self.made, "snapshot", "V1").status == 0

    def record(self, kind: str, value: Json) -> None:
        content = (json.dumps(value, sort_keys=True, indent=2) + "\n").encode()
        path = self.made / ".dataworkspace" / kind / f"{hashlib.sha256(content).hexdigest()}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    def record_of(self, kind: str) -> Json:
        (path,) = (self.made / ".dataworkspace" / kind).iterdir()
        found: Json = json.loads(path.read_text())
        return found

    def publish(self) -> None:
        git(self.made, "add", "--force", "--all")
        git(self.made, "commit", "--quiet", "--message", "harmless")
        git(self.made.parent, "clone", "--quiet", str(self.made), str(self.clone))

    def everything_outside(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.outside.iterdir()}


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    return Stranger(tmp_path)


VERBS = [["status"], ["snapshot", "-m", "mine"], ["restore", "V1"], ["report", "status"], ["config", "hostname", "mine"]]


def test_a_clone_of_a_harmless_workspace_works(stranger: Stranger) -> None:
    """What follows would mean nothing if it did not."""
    git(stranger.made.parent, "clone", "--quiet", str(stranger.made), str(stranger.clone))

    assert [dws(stranger.clone, *verb).status for verb in VERBS] == [0] * len(VERBS)


@pytest.mark.parametrize("path", ["../outside", "/etc", "code/../../outside", ".git", ".GIT/hooks", "link"])
def test_a_path_that_leads_out_is_refused_by_every_verb(stranger: Stranger, path: str) -> None:
    """Upwards, absolute, into the repository, through a symlink."""
    if path == "link":
        (stranger.made / "link").symlink_to(stranger.outside)
    resource = {**stranger.record_of("resources"), "name": "evil", "type": "local-files", "distribution": "dws-core"}
    stranger.record("resources", {**resource, "settings": {"local_path": path}})
    stranger.publish()

    ended = [dws(stranger.clone, *verb) for verb in (["snapshot", "-m", "mine"], ["restore", "V1", "--only", "evil"])]

    assert [each.status for each in ended] == [1, 1]
    assert "error: " in ended[0].err
    assert stranger.everything_outside() == {"precious": "precious"}


@pytest.mark.parametrize("name", ["../x", "-rf", "a;touch x", "a\nb", ""])
def test_a_name_that_is_none_is_a_damaged_record(stranger: Stranger, name: str) -> None:
    """Failure 3 of the predecessor: names of a stranger went into paths and command lines."""
    stranger.record("resources", {**stranger.record_of("resources"), "name": name})
    stranger.publish()

    done = dws(stranger.clone, "status")

    assert done.status == 1
    assert ".dataworkspace/resources/" in done.err
    assert not (stranger.clone / "x").exists()


def test_a_journal_that_came_with_the_history_is_never_carried_out(stranger: Stranger) -> None:
    """A journal tells what to remove: one of a stranger's would remove what it likes."""
    local = stranger.made / ".dataworkspace" / "local"
    journal = {"verb": "snapshot", "records": ["../outside/precious"], "stale": [str(stranger.outside / "precious")], "moves": []}
    (local / "journal.json").write_text(json.dumps(journal))
    stranger.publish()

    done = dws(stranger.clone, "snapshot", "-m", "mine")

    assert done.status == 1
    assert "came with the workspace's history" in done.err
    assert stranger.everything_outside() == {"precious": "precious"}


def test_settings_of_a_clone_that_came_with_the_history_do_not_count(stranger: Stranger) -> None:
    """A place outside is this clone's to say: a stranger's would have the user's own files taken, or overwritten."""
    resource = {
        **stranger.record_of("resources"),
        "name": "evil",
        "type": "local-files",
        "distribution": "dws-core",
        "settings": {},
    }
    stranger.record("resources", resource)
    identity = next(
        path.stem for path in (stranger.made / ".dataworkspace" / "resources").iterdir() if "evil" in path.read_text()
    )
    settings = {"clone": "0" * 32, "inode": 1, "resources": {identity: {"local_path": str(stranger.outside)}}}
    (stranger.made / ".dataworkspace" / "local" / "settings.json").write_text(json.dumps(settings))
    stranger.publish()

    listed = dws(stranger.clone, "--json", "status")
    done = dws(stranger.clone, "snapshot", "-m", "mine")

    assert {row["Resource"]: row["State"] for row in json.loads(listed.out)["tables"][0]["rows"]}["evil"] == "missing"
    assert done.status == 1
    assert stranger.everything_outside() == {"precious": "precious"}


def test_a_link_in_place_of_what_is_this_clones_own_is_refused(stranger: Stranger) -> None:
    """Nothing is written through it."""
    local = stranger.made / ".dataworkspace" / "local"
    local.rename(stranger.made.parent / "local-of-stranger")
    local.symlink_to(stranger.outside)
    stranger.publish()

    done = dws(stranger.clone, "snapshot", "-m", "mine")

    assert done.status == 1
    assert "symlink" in done.err
    assert stranger.everything_outside() == {"precious": "precious"}


def test_a_copy_of_ones_own_workspace_goes_on_as_a_clone_of_its_own(stranger: Stranger) -> None:
    """What a user copies is the user's: nothing to refuse, and its settings stay."""
    dws(stranger.made, "config", "hostname", "my-host")
    subprocess.run(["cp", "-r", str(stranger.made), str(stranger.clone)], check=True)

    assert dws(stranger.clone, "snapshot", "-m", "in the copy").status == 0

    assert "my-host" in dws(stranger.clone, "config", "hostname").out
    read = [json.loads((root / ".dataworkspace/local/settings.json").read_text()) for root in (stranger.made, stranger.clone)]
    assert read[0]["clone"] != read[1]["clone"]
