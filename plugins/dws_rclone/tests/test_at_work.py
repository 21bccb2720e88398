"""A resource at a remote of rclone is added, recorded, compared and brought back, whatever kind of remote it is."""

import json
import os
from pathlib import Path

import pytest

from benchmarks.rclone import CHECK, SNAPSHOT, measure
from plugins.dws_rclone.tests.places import There
from plugins.dws_rclone.tests.remotes import Remotes
from tests.product.people import Person
from tests.servers.sshd import free_port

FILES = {"a.csv": b"one\n", "deep/b c.csv": b"two\n", "empty": b""}
AWKWARD = {
    "a:b": b"1",
    "trailing ": b"2",
    " leading": b"3",
    "new\nline": b"4",
    "tab\tand*?[x]": b"5",
    "-rf": b"6",
    "caf\u00e9 \u4e16\u754c": b"7",
    "back\\slash": b"8",
    "pct%41#hash;`id`": b"9",
    "\"q\" 'q'": b"10",
    "\uff0f\uff0e": b"11",
    "bell\x07": b"12",
    "dir with \u240a/x": b"13",
}


def at_work(tmp_path: Path, name: str = "ada") -> Person:
    (tmp_path / name).mkdir()
    person = Person(tmp_path / name)
    person.dws("init", "--create-resources", "code", "--hostname", name)
    return person


def add(person: Person, there: There, *options: str) -> str:
    return person.dws("add", "rclone", "--role", "source-data", "--name", "data", *options, there.remote, "data")


def content(person: Person, name: str = "data") -> dict[str, bytes]:
    top = person.root / name
    return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def standing(person: Person) -> str:
    """What `dws status` says of the remote."""
    return next((line[6:] for line in person.dws("status").splitlines() if line.startswith("data: ")), "")


def test_adding_copies_the_remote_down_and_a_version_comes_back(tmp_path: Path, there: There) -> None:
    """The first copy is that of the remote; status says that both agree, and restore works without the remote."""
    there.write(FILES)
    ada = at_work(tmp_path)

    add(ada, there)
    came = content(ada)
    ada.dws("snapshot", "V1")
    agreed = standing(ada)
    ada.write("data/a.csv", "edited\n")
    ada.dws("restore", "V1")

    assert came == content(ada) == FILES
    assert agreed == f"local and remote agree ({there.remote})"


@pytest.mark.parametrize("there", ["disk", "s3"], indirect=True)
def test_status_names_what_differs_and_which_side_changed(tmp_path: Path, there: There) -> None:
    """Each file that differs is said to have changed here, there, or on both sides."""
    there.write({**FILES, "both": b"old", "gone there": b"x", "gone here": b"y"})
    ada = at_work(tmp_path)
    add(ada, there)
    ada.dws("snapshot", "V1")

    there.write({"deep/b c.csv": b"TWO\n", "both": b"new", "fresh there": b""})
    there.remove("gone there")
    ada.write("data/a.csv", "ONE\n")
    ada.write("data/both", "NEW")
    (ada.root / "data" / "gone here").unlink()
    facts = ada.asks("status")["standings"]["data"]

    assert facts["agree"] is False
    assert facts["files"] == {
        "a.csv": "here",
        "both": "on both sides",
        "deep/b c.csv": "there",
        "fresh there": "there",
        "gone here": "here",
        "gone there": "there",
    }


def test_a_snapshot_records_what_the_remote_held(tmp_path: Path, disk: There) -> None:
    """The version is that of the content, whatever lies there: what changes there alone makes no other one."""
    disk.write(FILES)
    ada = at_work(tmp_path)
    add(ada, disk)

    ada.dws("snapshot", "V1")
    disk.write({"more": b"more"})
    said = ada.dws("snapshot")
    (record,) = (ada.root / ".dataworkspace" / "snapshots").glob("*.json")
    versions = json.loads(record.read_text())["versions"].values()
    (remote,) = [each["data"]["remote"] for each in versions if "remote" in each.get("data", {})]

    assert remote["at"] == disk.remote
    assert ada.dws("--json", "gc") and ada.dws("verify")
    assert "Nothing has changed" in said


def test_awkward_names_come_back_as_they_were(tmp_path: Path, there: There) -> None:
    """rclone has other names for some, and each service others again; what no remote can hold stays here, and is told."""
    ada = at_work(tmp_path)
    (ada.root / "data").mkdir()
    add(ada, there, "--master", "local")
    # The server of these tests lists two of them under other names.
    names = {name: text for name, text in AWKWARD.items() if there.directory or not {*name} & {"\\", "\x07"}}
    for name, text in names.items():
        (ada.root / "data" / name).parent.mkdir(exist_ok=True)
        (ada.root / "data" / name).write_bytes(text)
    (ada.root / "data" / os.fsdecode(b"bytes\xff")).write_bytes(b"no text")
    (ada.root / "data" / "link").symlink_to("a:b")
    sent = push(ada, tmp_path)
    agreed = standing(ada)
    bob = at_work(tmp_path, "bob")

    add(bob, there)

    assert content(bob) == names
    assert f"{len(names)} new, 2 stay here" in sent
    assert agreed == f"local and remote agree ({there.remote})"


def push(person: Person, tmp_path: Path) -> str:
    """Publish, which pushes."""
    person.git("init", "--quiet", "--bare", str(tmp_path / "origin.git"))
    return person.dws("publish", str(tmp_path / "origin.git"))


@pytest.mark.parametrize("there", ["s3"], indirect=True)
def test_what_a_service_keeps_under_another_name_is_named(tmp_path: Path, there: There) -> None:
    """Nothing counts as sent that was not found there under its own name afterwards."""
    ada = at_work(tmp_path)
    ada.write("data/back\\slash", "1")
    add(ada, there, "--master", "local")

    ada.git("init", "--quiet", "--bare", str(tmp_path / "origin.git"))
    ended = ada.tries("publish", str(tmp_path / "origin.git"))

    assert ended.status == 1 and "back\\slash" in ended.err


@pytest.mark.parametrize("there", ["s3"], indirect=True)
def test_a_thousand_files_come_and_agree(tmp_path: Path, there: There) -> None:
    """Each is compared, not only the first page of a listing."""
    ada = at_work(tmp_path)
    for number in range(1_050):
        ada.write(f"data/{number % 10}/{number}", f"file {number}\n")
    there.rclone("copy", str(ada.root / "data"), there.remote)

    add(ada, there)
    agreed = standing(ada)
    there.write({"7/997": b"another\n"})

    assert agreed.startswith("local and remote agree")
    assert ada.asks("status")["standings"]["data"]["files"] == {"7/997": "there"}


def test_a_remote_that_is_away_stops_nothing_but_what_needs_it(tmp_path: Path, disk: There, remotes: Remotes) -> None:
    """Status and snapshot say that it could not be asked; pulling says why."""
    remotes.add("away", type="sftp", host="127.0.0.1", port=str(free_port()), user="nobody", key_use_agent="false")
    ada = at_work(tmp_path)
    (ada.root / "data").mkdir()
    ada.write("data/a.csv", "one\n")
    add(ada, There("disk:", disk.config))
    ada.dws("config", "--resource", "data", "remote", "away:data")

    status, snapshot = ada.tries("status"), ada.tries("snapshot", "V1")
    refused = ada.tries("add", "rclone", "--role", "code", "away:other", "other")

    assert status.status == snapshot.status == 0
    assert "could not be asked" in status.err and "not recorded what the remote holds" in snapshot.err
    assert refused.status == 1 and not (ada.root / "other").exists()


@pytest.mark.parametrize("option", ["--compute-hash", "--size-only"])
def test_how_both_sides_are_compared_is_the_users_to_say(tmp_path: Path, disk: There, option: str) -> None:
    """By size alone, a change of equal size is not seen, which the setting says; read through, every one is."""
    disk.write(FILES)
    ada = at_work(tmp_path)
    add(ada, disk, option)

    disk.write({"a.csv": b"ONE\n"})

    assert standing(ada).startswith("local and remote agree") == (option == "--size-only")


def test_a_remote_without_checksums_is_compared_by_time_or_read(tmp_path: Path, disk: There, remotes: Remotes) -> None:
    """An encrypting remote gives none: its times count, and with --compute-hash its content."""
    remotes.add("secret", type="crypt", remote=disk.remote, password="UmyLSdRHfew6aual28-ggx78qHqSfQ")
    secret = There("secret:", disk.config)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.csv").write_bytes(b"one\n")
    secret.rclone("copy", str(tmp_path / "files"), "secret:")
    for name, options in (("ada", ["--compute-hash"]), ("bob", [])):
        person = at_work(tmp_path, name)
        add(person, secret, *options)

        assert standing(person) == "local and remote agree (secret:)"


def test_the_benchmark_measures_both(tmp_path: Path, remotes: Remotes) -> None:
    """What it says of each is from a run of it."""
    measured = measure(tmp_path / "bench", 5, 100, 1)

    assert {SNAPSHOT, CHECK} < {*measured} and all(len(each) == 1 for each in measured.values())
