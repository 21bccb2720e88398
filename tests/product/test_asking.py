"""At a terminal, who clones is asked about each origin and store that the workspace names, shown in full."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cli.terminal import Terminal
from tests.product.hostile import LATER, STEERING, Hostile, Listening, listening, make
from tests.product.people import DWS

# How far long work is, and its end: on a busy machine any work is long.
BAR = re.compile(r"(\r *(\d+% [^\r\n]*)?)+\r")


@pytest.fixture
def port() -> Iterator[Listening]:
    with listening() as there:
        yield there


@pytest.fixture
def hostile(tmp_path: Path, port: Listening) -> Hostile:
    """A workspace with a repository at an address of its own, and a store whose address steers a terminal."""
    make(tmp_path)
    hostile = Hostile(tmp_path)
    hostile.resource("lib", "git", relative_local_path="lib", remote_origin_url=f"git://127.0.0.1:{port.port}/lib.git")
    hostile.store("far", url=f"file:///far{STEERING}", mark="far", time=LATER)
    hostile.push()
    return hostile


def _clone(hostile: Hostile, typed: str, *options: str) -> tuple[int, str, str]:
    with Terminal(columns=200) as terminal:
        ended = terminal.run([DWS, "clone", *options, "origin.git", "new"], hostile.top, typed=typed)
    return ended.returncode, ended.stdout.decode(), BAR.sub("", terminal.text.replace("\r\n", "\n"))


def test_what_is_declined_is_not_used(hostile: Hostile, port: Listening) -> None:
    """Each question shows what would be contacted, as it is; no is the answer of who only presses Return."""
    status, out, seen = _clone(hostile, "n\n\nn\n", "--hostname", "mine")

    assert status == 0
    assert f"The workspace keeps content in the store shared at file://{hostile.top}/store. May this clone use it? [y/N]" in seen
    assert r"the store far at file:///far\x1b[2J\r\u202e\x07\x9b. May this clone use it? [y/N]" in seen
    assert f"The resource lib comes from git://127.0.0.1:{port.port}/lib.git. May it be contacted? [y/N]" in seen
    assert not {*STEERING} & {*seen} - {"[", "2", "J"}
    assert "Not got: lib: resource 'lib' comes from" in out
    assert port.contacts == 0
    listed = hostile.tries("new", "store list").out
    assert "yes" not in listed


def test_what_is_accepted_is_used_and_not_asked_about_again(hostile: Hostile, port: Listening) -> None:
    """Once for each clone."""
    _, out, first = _clone(hostile, "y\nn\ny\n", "--hostname", "mine")
    before = port.contacts
    with Terminal(columns=200) as terminal:
        terminal.run([DWS, "pull"], hostile.top / "new", typed="n\nn\n")

    assert first.count("[y/N]") == 3
    assert before > 0 and "Not got: lib: git could not" in out
    assert "lib comes from" not in terminal.text and "store shared" not in terminal.text
    assert "| shared | " in (listed := hostile.tries("new", "store list").out) and listed.count("| yes ") == 1


@pytest.mark.parametrize("options", [["--accept"], ["--only-workspace"]])
def test_with_all_accepted_or_nothing_wanted_nobody_is_asked_about_an_origin(hostile: Hostile, options: list[str]) -> None:
    """`--accept` answers for the user; what is left out is not asked about."""
    _, _, seen = _clone(hostile, "n\nn\nn\n", "--hostname", "mine", *options)

    assert "lib comes from" not in seen
