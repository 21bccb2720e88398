"""Directories of a server, and a store there, through the real command."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.testing import File, read_directory, write_directory
from tests.product.people import Person, join, make_origin
from tests.servers.sshd import Sshd

_OLD = {"a.csv": File(b"1\n"), "deep/b.csv": File(b"2\n"), "tool": File(b"#!/bin/sh\n", executable=True)}
_NEW = {"a.csv": File(b"9\n"), "c.csv": File(b"3\n"), "tool": File(b"#!/bin/sh\n")}


@pytest.fixture
def ada(tmp_path: Path, there: Path) -> Person:
    """Somebody whose workspace has a directory of the server as its data, and one snapshot of it."""
    write_directory(there, _OLD)
    (tmp_path / "ada").mkdir()
    ada = Person(tmp_path / "ada")
    ada.dws("init", "--create-resources", "code", "--hostname", "desk")
    ada.dws("add", "ssh", "--role", "source-data", "--name", "data", f"server:{there}")
    ada.dws("snapshot", "OLD")
    return ada


def test_what_lies_there_is_recorded_compared_and_brought_back(ada: Person, there: Path) -> None:
    """Status, diff, restore and undo: on the server itself, byte for byte."""
    write_directory(there, _NEW)

    states = ada.states()
    ada.dws("snapshot", "NEW")
    diff = ada.asks("diff", "OLD", "NEW")
    ada.dws("restore", "OLD")
    restored = read_directory(there)
    ada.dws("undo")

    assert (states["data"], ada.states()["data"]) == ("changed", "unchanged")
    assert {row["File"] for row in diff["tables"][1]["rows"]} == {"a.csv", "c.csv", "deep/b.csv", "tool"}
    assert restored == _OLD and read_directory(there) == _NEW
    ada.dws("verify")


def test_what_was_saved_nowhere_comes_back_by_undo(ada: Person, there: Path) -> None:
    """A restore keeps what it replaces."""
    write_directory(there, _NEW)

    ada.dws("restore", "OLD")
    ada.dws("undo")

    assert read_directory(there) == _NEW


def test_a_directory_that_is_only_read_is_seen_as_it_was(ada: Person, there: Path) -> None:
    """With --read-only a restore changes nothing there, and `live` ends it."""
    ada.dws("config", "--resource", "data", "read-only", "true")
    write_directory(there, _NEW)

    ada.dws("restore", "OLD")
    seen = ada.dws("status")
    ada.dws("live", "data")

    assert "seen as in snapshot OLD" in seen and read_directory(there) == _NEW
    assert ada.states()["data"] == "changed"


def test_what_is_added_is_told_what_it_means(ada: Person, there: Path) -> None:
    """That reading all anew is the price of a server without hashes, and what trust in times may miss."""
    for name in ("one", "two"):
        there.with_name(name).mkdir()

    costs = ada.dws("add", "ssh", "--role", "code", f"plain:{there.with_name('one')}")
    trusts = ada.dws("add", "ssh", "--role", "code", "--trust-mtime", f"plain:{there.with_name('two')}")

    assert "reads all files again" in costs and "--trust-mtime" in costs
    assert "within the same second" in trusts
    assert ada.tries("add", "ssh", "--role", "code", "server:/no/such/directory").status == 1


def test_a_copy_here_is_exchanged_with_the_server(ada: Person, tmp_path: Path) -> None:
    """With --local-path: copied down, pushed and pulled; where both changed the same file, neither is overwritten."""
    place = tmp_path / "origin on the server"
    write_directory(place, _OLD)
    copy = ada.root / "copy"
    ada.dws("add", "ssh", "--role", "source-data", "--local-path", "copy", f"server:{place}")
    copied = read_directory(copy)
    ada.dws("store", "add", "shared", str(tmp_path / "store"))
    ada.dws("publish", str(make_origin(tmp_path / "origin.git")))

    (copy / "a.csv").write_text("mine\n")
    ada.dws("snapshot", "MINE")
    ada.dws("push")
    (place / "c.csv").write_text("theirs\n")
    (place / "tool").unlink()
    ada.dws("pull")
    (copy / "a.csv").write_text("mine again\n")
    (place / "a.csv").write_text("theirs\n")
    ada.dws("snapshot", "BOTH")
    refused = ada.tries("push")

    assert copied == _OLD
    assert (place / "a.csv").read_text() == "theirs\n" and (copy / "a.csv").read_text() == "mine again\n"
    assert (copy / "c.csv").read_text() == "theirs\n" and not (copy / "tool").exists()
    assert refused.status == 1 and "a.csv" in refused.err and "dws pull" in refused.err


def test_a_copy_that_lies_outside_with_its_author_gets_a_place_in_a_clone(ada: Person, tmp_path: Path) -> None:
    """Inside, by its name: what lies in a directory is never taken to be the workspace itself."""
    place = tmp_path / "origin on the server"
    write_directory(place, _OLD)
    ada.dws("add", "ssh", "--role", "code", "--allow-outside", "--local-path", str(tmp_path / "copy"), f"server:{place}")
    ada.dws("store", "add", "shared", str(tmp_path / "store"))
    ada.dws("publish", str(make_origin(tmp_path / "origin.git")))
    bob = join(tmp_path / "origin.git", tmp_path / "bob")

    bob.tries("pull", "--accept")

    assert read_directory(bob.root / "copy") == _OLD


def test_a_clone_shares_the_place_and_says_itself_how_it_gets_there(
    ada: Person, there: Path, tmp_path: Path, configure: Callable[..., Path], sshd: Sshd
) -> None:
    """Push to a store on the server, clone: the place is asked for before it is contacted, and keys are no matter of records."""
    ada.dws("config", "--resource", "data", "identity", f"{sshd.key}")
    ada.dws("store", "add", "shared", f"ssh://server{tmp_path}/store")
    ada.dws("publish", str(make_origin(tmp_path / "origin.git")))
    ada.dws("push")
    configure("other-name")
    bob = join(tmp_path / "origin.git", tmp_path / "bob")
    refused = bob.tries("snapshot", "EARLY")
    shared = bob.git("ls-files", ".dataworkspace").split()

    bob.dws("store", "add", "shared", f"ssh://server{tmp_path}/store")
    bob.dws("pull", "--accept")
    bob.dws("config", "--resource", "data", "host", "other-name")
    write_directory(there, _NEW)
    bob.dws("restore", "OLD")

    assert shared and not [name for name in shared if sshd.key.name in bob.read(name)]
    assert refused.status == 1 and "dws pull --accept" in refused.err
    assert read_directory(there) == _OLD


def test_a_record_of_a_stranger_starts_nothing_and_leads_to_no_file(ada: Person, tmp_path: Path) -> None:
    """Options for ssh in place of hosts and users, and a key's file, are refused or left out."""
    resources = ada.root / ".dataworkspace" / "resources"
    (record,) = [path for path in resources.glob("*.json") if '"ssh"' in path.read_text()]
    marker = tmp_path / "started"

    for harmful in (f"-oProxyCommand=touch {marker}", f"$(touch {marker})", "me@-h"):
        text = record.read_text().replace('"address": "server:', f'"address": "{harmful}:')
        forged = resources / f"{os.urandom(32).hex()}.json"
        forged.write_text(text)
        ended = ada.tries("status")
        forged.unlink()
        assert ended.status in (0, 1) and "Traceback" not in ended.err

    assert not marker.exists()
