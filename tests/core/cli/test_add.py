"""Tests of `dws add`: options that come from the declaration of a type's settings."""

import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import DWS, Dws


def test_the_types_are_listed_from_their_plugins(dws: Dws, here: Path) -> None:
    """`dws add --help` needs no workspace."""
    ended = dws("add", "--help")

    assert ended.status == 0
    assert "local-files" in ended.out


def test_a_types_help_shows_its_settings_and_roles(dws: Dws, here: Path) -> None:
    """What is declared once is an argument or option, explained."""
    ended = dws("add", "local-files", "--help")

    assert ended.status == 0
    assert "PATH" in ended.out.splitlines()[0]
    assert "LOCAL_PATH: " in ended.out
    assert "--role" in ended.out
    assert "results" in ended.out


def test_a_type_that_cannot_hold_results_does_not_offer_the_role(dws: Dws, workspace: Path) -> None:
    """The roles that are offered are those that the type can have."""
    ended = dws("add", "api-resource")

    assert ended.status == 2
    assert "source-data" in ended.err
    assert "results" not in ended.err


def test_a_path_is_taken_from_where_the_user_stands(dws: Dws, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a subdirectory, `dws add local-files ../free` means what the shell means."""
    (workspace / "free").mkdir()
    monkeypatch.chdir(workspace / "code")

    ended = dws("--json", "add", "local-files", "--role", "s", "../free")

    assert ended.status == 0
    assert ended.document["resource"]["settings"]["local_path"] == "free"
    assert ended.document["resource"]["role"] == "source-data"


def test_a_path_outside_is_allowed_with_the_option(dws: Dws, workspace: Path) -> None:
    """It is this clone's alone: the shared record does not hold it."""
    outside = workspace.parent / "outside"
    outside.mkdir()

    ended = dws("--json", "add", "local-files", "--role", "code", "--allow-outside", "--name", "lib", str(outside))

    assert ended.status == 0
    assert str(outside) not in str(ended.document["resource"]["settings"])
    assert str(outside) in dws("report", "status").out


def test_what_is_imported_is_source_data_without_being_asked(dws: Dws, workspace: Path) -> None:
    """There is one role that it can have; that its lineage did not come along yet is said."""
    (workspace / "free").mkdir()

    ended = dws("add", "local-files", "--imported", "free")

    assert ended.out.splitlines() == [
        "Added the resource free (local-files, source-data)",
        "There is no lineage.json in it yet: until there is one, it is unknown what it came from.",
    ]
    assert ["free", "source-data", "local-files", "local_path=free,"] in dws("report", "status").rows


def test_what_is_missing_is_asked_for_at_a_terminal(dws: Dws, workspace: Path) -> None:
    """The role's beginning suffices; the question goes to stderr, so that `--json` stays one document."""
    (workspace / "free").mkdir()

    ended = at_terminal(["--json", "add", "local-files", "free"], b"frob\nsource\n")

    assert ended.returncode == 0
    assert ended.stdout.startswith(b'{\n  "resource"')
    assert [row[1] for row in dws("report", "status").rows if row[0] == "free"] == ["source-data"]


def test_batch_never_asks(dws: Dws, workspace: Path) -> None:
    """With `--batch` there is no question even at a terminal, but the option to give."""
    (workspace / "free").mkdir()

    ended = at_terminal(["--batch", "add", "local-files", "free"], b"source\n")

    assert ended.returncode == 2
    assert b"--role" in ended.stderr


def test_an_interrupt_at_a_question_changes_nothing(dws: Dws, workspace: Path) -> None:
    """Ctrl-C at a question ends with 130, and nothing is added."""
    (workspace / "free").mkdir()

    ended = at_terminal(["add", "local-files", "free"], interrupt=True)

    assert ended.returncode == 130
    assert ended.stderr.endswith(b": error: stopped\n")
    assert "free" not in dws("report", "status").out


def test_a_path_outside_may_be_allowed_at_a_terminal(dws: Dws, workspace: Path) -> None:
    """Who is asked may say yes instead of typing all again."""
    (workspace.parent / "outside").mkdir()

    ended = at_terminal(["add", "local-files", "--role", "code", "../outside"], b"y\n")

    assert ended.returncode == 0
    assert "outside" in dws("report", "status").out


def test_the_end_of_the_typing_changes_nothing(dws: Dws, workspace: Path) -> None:
    """Ctrl-D at a question is the same as Ctrl-C."""
    (workspace / "free").mkdir()

    ended = at_terminal(["add", "local-files", "free"], b"\x04")

    assert ended.returncode == 130
    assert "free" not in dws("report", "status").out


def at_terminal(args: list[str], typed: bytes = b"", *, interrupt: bool = False) -> "subprocess.CompletedProcess[bytes]":
    """Run `dws` with a terminal as stdin, at which this is typed, or which interrupts at the first question."""
    leader, follower = pty.openpty()
    try:
        # What a shell starts in the background ignores interrupts, and so would all that the tests start.
        command = ["env", "--default-signal=INT", str(DWS), *args]
        process = subprocess.Popen(command, stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        asked = b""
        if interrupt and process.stderr is not None:
            while not asked.endswith(b": "):
                asked += process.stderr.read(1)
            # Python does not see a signal that comes between its question and its waiting for the answer.
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
        os.write(leader, typed)
        out, err = process.communicate(timeout=60)
    finally:
        os.close(leader)
        os.close(follower)
    return subprocess.CompletedProcess(args, process.returncode, out, asked + err)
