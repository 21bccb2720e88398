"""A directory of a server of which only a listing is recorded, through the real command."""

import os
from pathlib import Path

import pytest

from dws_core import filesystem
from dws_core.errors import ContentNotKeptError, ReadOnlyFilesError
from dws_core.testing import Content, File, Link, read_directory, write_directory
from tests.product.people import Person, join, make_origin

_OLD: Content = {
    "a.csv": File(b"1\n"),
    "deep/b.csv": File(b"2\n"),
    "tool": File(b"#!/bin/sh\n", executable=True),
    "link": Link("a.csv"),
}
_NEW: Content = {"a.csv": File(b"9\n"), "c.csv": File(b"3\n"), "tool": File(b"#!/bin/sh\n"), "link": Link("a.csv")}
_CHANGED = {"a.csv", "c.csv", "deep/b.csv", "tool"}


@pytest.fixture(params=["server", "plain"])
def ada(tmp_path: Path, there: Path, request: pytest.FixtureRequest) -> Person:
    """Somebody whose data stays on a server, which works out hashes or does not; a snapshot of it is recorded."""
    write_directory(there, _OLD)
    (tmp_path / "ada").mkdir()
    ada = Person(tmp_path / "ada")
    ada.dws("init", "--create-resources", "code", "--hostname", "desk")
    add(ada, f"{request.param}:{there}")
    ada.dws("snapshot", "OLD")
    return ada


def add(person: Person, address: str, *options: str) -> str:
    return person.dws("add", "ssh", "--in-place", "--role", "source-data", "--name", "data", *options, address)


def changed(person: Person) -> set[str]:
    return {row["File"] for row in person.asks("diff", "OLD", "NEW")["tables"][1]["rows"]}


@pytest.mark.parametrize("host", ["server", "plain"])
def test_adding_says_that_nothing_can_be_restored(tmp_path: Path, there: Path, host: str) -> None:
    """When it is added, not when it is needed; and what a server without hashes costs."""
    (tmp_path / "ada").mkdir()
    ada = Person(tmp_path / "ada")
    ada.dws("init", "--create-resources", "code")

    said = add(ada, f"{host}:{there}", "--read-only")

    assert "(ssh-listed, source-data)" in said and "no version of it can be restored" in said
    assert ("reads all files again" in said) == (host == "plain")
    assert "dws live" not in said


def test_results_and_copies_are_refused(tmp_path: Path, there: Path) -> None:
    """Results would have to be written there, and a copy is the opposite."""
    (tmp_path / "ada").mkdir()
    ada = Person(tmp_path / "ada")
    ada.dws("init", "--create-resources", "code")

    results = ada.tries("add", "ssh", "--in-place", "--role", "results", f"server:{there}")
    copy = ada.tries("add", "ssh", "--in-place", "--role", "code", "--local-path", "copy", f"server:{there}")

    assert results.status == copy.status == 1
    assert "role of a ssh-listed resource" in results.err and "--local-path" in copy.err
    assert not (ada.root / "copy").exists()


def test_what_changed_is_told_and_restoring_leaves_it(ada: Person, there: Path) -> None:
    """Status, diff and restore; with --strict the restore refuses, and nothing there is ever changed."""
    before = ada.states()["data"]
    write_directory(there, _NEW)
    after = ada.states()["data"]
    ada.dws("snapshot", "NEW")
    diff = changed(ada)
    restored = ada.dws("restore", "OLD")
    refused = ada.tries("restore", "--strict", "OLD")
    ada.dws("gc")
    ada.dws("verify")

    assert (before, after) == ("unchanged", "changed")
    assert diff == _CHANGED == changed(ada)
    assert "data: left as it is (its type cannot bring content back)" in restored
    assert refused.status == 1 and "--leave data" in refused.err
    assert read_directory(there) == _NEW


def test_an_edit_that_keeps_size_and_time_is_seen(ada: Person, there: Path) -> None:
    """With or without hashes of the server's own, and missed where times are trusted, as is said when it is added."""
    os.utime(there / "a.csv", (1_000_000, 1_000_000))
    ada.dws("config", "--resource", "data", "trust-mtime", "true")
    ada.dws("snapshot", "DATED")
    (there / "a.csv").write_bytes(b"7\n")
    os.utime(there / "a.csv", (1_000_000, 1_000_000))
    trusted = ada.states()["data"]
    ada.dws("config", "--resource", "data", "trust-mtime", "false")

    assert trusted == "unchanged"
    assert ada.states()["data"] == "changed"


def test_nothing_of_the_content_is_kept_here(tmp_path: Path, there: Path) -> None:
    """A megabyte there is a line here."""
    write_directory(there, {"large": File(os.urandom(1_000_000))})
    (tmp_path / "ada").mkdir()
    ada = Person(tmp_path / "ada")
    ada.dws("init", "--create-resources", "code")
    add(ada, f"server:{there}")

    ada.dws("snapshot", "OLD")

    assert sum(path.stat().st_size for path in ada.root.rglob("*") if path.is_file()) < 500_000


def test_files_are_read_where_they_lie(ada: Person, there: Path) -> None:
    """As they are now; those of a snapshot while they are the same, and with one clear error otherwise."""
    now, then = (filesystem("data", snapshot, workspace_dir=ada.root) for snapshot in (None, "OLD"))
    write_directory(there, {**_OLD, "a.csv": File(b"9\n")})

    assert now.cat_file("a.csv") == b"9\n" == now.cat_file("link")
    assert then.cat_file("deep/b.csv") == b"2\n" and then.info("a.csv")["size"] == 2
    assert sorted(then.ls("", detail=False)) == ["a.csv", "deep", "link", "tool"]
    with pytest.raises(ContentNotKeptError, match=r"a\.csv"):
        then.cat_file("a.csv")
    with pytest.raises(ReadOnlyFilesError, match="only a listing"):
        now.pipe_file("new", b"new")
    with pytest.raises(ReadOnlyFilesError):
        now.rm_file("a.csv")
    assert not (there / "new").exists()


def test_a_clone_knows_the_listing_and_asks_before_it_looks(ada: Person, there: Path, tmp_path: Path) -> None:
    """The listing goes through stores as content does."""
    ada.dws("store", "add", "shared", str(tmp_path / "store"))
    ada.dws("publish", str(make_origin(tmp_path / "origin.git")))
    ada.dws("push")
    bob = join(tmp_path / "origin.git", tmp_path / "bob")
    refused = bob.tries("snapshot", "EARLY")
    bob.dws("pull", "--accept")
    write_directory(there, _NEW)

    assert refused.status == 1 and "dws pull --accept" in refused.err
    assert bob.states()["data"] == "changed"
    bob.dws("snapshot", "NEW")
    assert {row["File"] for row in bob.asks("diff", "OLD", "NEW")["tables"][1]["rows"]} == {
        "a.csv",
        "c.csv",
        "deep/b.csv",
        "tool",
    }
