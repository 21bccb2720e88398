"""A remote of which only a listing is recorded, through the real command, whatever kind of remote it is."""

import json
from pathlib import Path

import pytest

from dws_core import filesystem
from dws_core.errors import ContentNotKeptError, ReadOnlyFilesError
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.testing import make_context
from dws_rclone.errors import HashUnknownError
from dws_rclone.listed_type import RcloneListed
from dws_rclone.settings import RcloneSettings
from plugins.dws_rclone.tests.places import There
from plugins.dws_rclone.tests.remotes import Remotes
from plugins.dws_rclone.tests.test_at_work import AWKWARD, at_work
from tests.product.people import Person, join, make_origin

FILES = {"a.csv": b"one\n", "deep/b c.csv": b"two\n", "empty": b""}


def add(person: Person, remote: str, *options: str) -> str:
    return person.dws("add", "rclone", "--no-local", "--role", "source-data", "--name", "data", *options, remote)


def changed(person: Person, *snapshots: str) -> set[str]:
    return {row["File"] for row in person.asks("diff", *snapshots)["tables"][1]["rows"]}


def test_a_remote_is_recorded_compared_and_read_where_it_lies(tmp_path: Path, there: There) -> None:
    """Adding says that it cannot be restored; restoring leaves it, and refuses with --strict."""
    there.write(FILES)
    ada = at_work(tmp_path)

    said = add(ada, there.remote)
    ada.dws("snapshot", "OLD")
    before = ada.states()["data"]
    there.write({"a.csv": b"ONE\n", "new": b"n"})
    there.remove("empty")
    after = ada.states()["data"]
    ada.dws("snapshot", "NEW")
    restored, refused = ada.dws("restore", "OLD"), ada.tries("restore", "--strict", "OLD")

    assert "(rclone-listed, source-data)" in said and "no version of it can be restored" in said
    assert (before, after, changed(ada, "OLD", "NEW")) == ("unchanged", "changed", {"a.csv", "new", "empty"})
    assert "data: left as it is (its type cannot bring content back)" in restored
    assert refused.status == 1 and "--leave data" in refused.err
    assert there.read() == {"a.csv": b"ONE\n", "deep/b c.csv": b"two\n", "new": b"n"}
    ada.dws("verify")


def test_files_are_read_in_parts(tmp_path: Path, there: There) -> None:
    """As they are now; those of a snapshot while they are the same, and with one clear error otherwise."""
    there.write({**FILES, "large": bytes(range(256)) * 80_000})
    ada = at_work(tmp_path)
    add(ada, there.remote)
    ada.dws("snapshot", "OLD")
    now, then = (filesystem("data", snapshot, workspace_dir=ada.root) for snapshot in (None, "OLD"))
    there.write({"a.csv": b"ONE\n"})

    assert now.cat_file("a.csv") == b"ONE\n" and now.cat_file("large", 300, 310) == bytes(range(44, 54))
    assert then.cat_file("large") == bytes(range(256)) * 80_000 and then.cat_file("empty") == b""
    assert sorted(now.find("")) == sorted(then.find("")) == ["a.csv", "deep/b c.csv", "empty", "large"]
    assert now.isdir("deep") and then.isdir("deep") and not now.exists("deep/no")
    with pytest.raises(ContentNotKeptError, match=r"a\.csv"):
        then.cat_file("a.csv")
    with pytest.raises(ReadOnlyFilesError, match="only a listing"):
        now.pipe_file("new", b"new")


def test_awkward_names_are_listed_and_read(tmp_path: Path, disk: There) -> None:
    """rclone has other names for some of them."""
    disk.write(AWKWARD)
    ada = at_work(tmp_path)
    add(ada, disk.remote)

    ada.dws("snapshot", "OLD")

    files = filesystem("data", "OLD", workspace_dir=ada.root)
    assert {path: files.cat_file(path) for path in files.find("")} == AWKWARD


@pytest.mark.parametrize(("options", "missed"), [((), True), (("--compute-hash",), False), (("--size-only",), True)])
def test_what_a_remote_without_checksums_may_miss_is_said(
    tmp_path: Path, disk: There, remotes: Remotes, options: tuple[str, ...], missed: bool
) -> None:
    """A change that keeps size and time is seen only where all files are read."""
    remotes.add("secret", type="crypt", remote=disk.remote, password=disk.rclone("obscure", "a password").strip())
    (tmp_path / "plain").mkdir()
    source = tmp_path / "plain" / "a.csv"

    def put(content: str) -> None:
        source.write_text(content)
        disk.rclone("copyto", "--ignore-times", str(source), "secret:set/a.csv")
        disk.rclone("touch", "--timestamp", "2026-01-01T00:00:00", "secret:set/a.csv")

    put("one\n")
    ada = at_work(tmp_path)
    said = add(ada, "secret:set", *options)
    ada.dws("snapshot", "OLD")
    put("two\n")

    assert ("is missed" in said) == missed
    assert ada.states()["data"] == ("unchanged" if missed else "changed")


def test_all_clones_ask_for_one_kind_of_checksum(tmp_path: Path, disk: There) -> None:
    """It is recorded when the remote is added, so that equal content has one version in every clone."""
    disk.write(FILES)
    ada = at_work(tmp_path)
    add(ada, disk.remote)
    ada.dws("snapshot", "OLD")
    ada.dws("store", "add", "shared", str(tmp_path / "store"))
    ada.dws("publish", str(make_origin(tmp_path / "origin.git")))
    ada.dws("push")
    bob = join(tmp_path / "origin.git", tmp_path / "bob")
    refused = bob.tries("snapshot", "EARLY")
    bob.dws("pull", "--accept")
    records = (ada.root / ".dataworkspace" / "resources").glob("*.json")
    (settings,) = [found["settings"] for each in records if (found := json.loads(each.read_text()))["type"] == "rclone-listed"]

    assert settings["hash_type"] == "sha256" and "local_path" not in settings
    assert refused.status == 1 and "dws pull --accept" in refused.err
    assert bob.states()["data"] == "unchanged"


def test_what_does_not_fit_together_is_refused(tmp_path: Path, disk: There) -> None:
    """A directory here beside --no-local, none without it, and a remote directory that is not there."""
    ada = at_work(tmp_path)

    both = ada.tries("add", "rclone", "--no-local", "--role", "code", disk.remote, "data")
    neither = ada.tries("add", "rclone", "--role", "code", disk.remote)
    missing = ada.tries("add", "rclone", "--no-local", "--role", "code", f"{disk.remote}/none")

    assert both.status == neither.status == missing.status == 1
    assert "--no-local" in both.err and "--no-local" in neither.err and "no directory" in missing.err


def test_a_record_with_another_kind_of_checksum_runs_nothing(tmp_path: Path, disk: There) -> None:
    """A stranger's word is no option of rclone's."""
    disk.write(FILES)
    settings = RcloneSettings(disk.remote, no_local=True, hash_type="--config=/dev/null", compute_hash=True)
    resource = Resource("data", Role.CODE, "rclone-listed", "dws-rclone", {}, "2026-01-01T00:00:00Z", "0" * 64)

    with pytest.raises(HashUnknownError, match="--config"):
        RcloneListed(resource, settings, make_context(tmp_path / "other")).current()
