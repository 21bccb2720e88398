"""Tests of the error edge: every end has its exit status and says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import DWS, Dws


@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("", 2, "Usage: dws"),
        ("frobnicate", 2, "there is no command 'frobnicate'"),
        ("--frobnicate", 2, "no such option"),
        ("restore", 2, "missing argument 'TAG_OR_HASH'"),
        ("snapshot A B", 2, "unexpected extra argument"),
        ("status", 1, "is not in a workspace"),
        ("--workspace-dir missing status", 1, "there is no directory"),
        ("report frobnicate", 1, "there is no report 'frobnicate'"),
        ("add frobnicate", 1, "there is no resource type 'frobnicate'"),
    ],
)
def test_a_mistake_ends_with_its_status_and_the_next_step(dws: Dws, line: str, status: int, message: str) -> None:
    """2 is a mistake in the command line, 1 what could not be done; stdout stays empty, stderr says what to do next."""
    ended = dws(*line.split())

    assert ended.status == status
    assert ended.out == ""
    assert message in ended.err
    assert "hint: " in ended.err or "--help" in ended.err
    assert "Traceback" not in ended.err


def test_a_global_option_after_the_command_is_told_where_it_belongs(dws: Dws) -> None:
    """`dws status --json` is the commonest slip."""
    ended = dws("status", "--json")

    assert ended.status == 2
    assert "`dws --json …`" in ended.err


def test_debug_shows_where_an_error_came_from(dws: Dws) -> None:
    """Without --debug there is no traceback, with it there is."""
    assert "Traceback" in dws("--debug", "status").err


def test_an_unexpected_error_is_one_line_that_asks_for_a_report(
    dws: Dws, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake of ours never shows a traceback by itself."""

    def broken(_: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr("dws_core.cli.status.status", broken)

    plain, debug, document = dws("status"), dws("--debug", "status"), dws("--json", "status")

    assert plain.status == document.status == 1
    assert plain.err.splitlines() == [
        "error: this is a mistake in dws: ZeroDivisionError: division\\nby zero",
        "hint: please report it, with what `dws --debug …` shows of the same command",
    ]
    assert "Traceback" in debug.err
    assert document.document["error"]["type"] == "UnexpectedError"


def test_what_the_system_refuses_names_the_file(dws: Dws, workspace: Path) -> None:
    """An OSError that nobody expected is told as one of a file."""
    settings = workspace / ".dataworkspace" / "local" / "settings.json"
    settings.unlink()
    settings.mkdir()

    ended = dws("status")

    assert ended.status == 1
    assert str(settings) in ended.err
    assert "hint: " in ended.err


def test_an_interrupt_ends_with_130_and_one_line(dws: Dws, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a command works is no mistake of anybody's."""

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dws_core.cli.status.status", interrupted)

    ended = dws("status")

    assert (ended.status, ended.out, ended.err) == (130, "", "error: stopped\n")


def test_a_reader_that_goes_away_is_no_error(dws: Dws, workspace: Path) -> None:
    """`dws report history | head -0` says nothing on stderr."""
    reader, writer = os.pipe()
    os.close(reader)

    with os.fdopen(writer, "wb") as gone:
        ended = subprocess.run([DWS, "report", "history"], stdout=gone, stderr=subprocess.PIPE, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == ""


@pytest.mark.parametrize("line", ["report status", "--json report status", "--json frobnicate"])
def test_a_full_disk_behind_stdout_is_told(workspace: Path, line: str) -> None:
    """An answer that could not be written is not exit status 0."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([DWS, *line.split()], stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == "error: the output: No space left on device\n"


def test_a_closed_stdout_is_no_error(workspace: Path) -> None:
    """Started by a service without stdout, `dws` does its work."""
    without_stdout = "import os, sys; os.close(1); os.execv(sys.argv[1], sys.argv[1:])"

    ended = subprocess.run(
        [sys.executable, "-c", without_stdout, DWS, "snapshot", "A"], stderr=subprocess.PIPE, text=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_version_is_that_of_the_distribution(installed: Dws) -> None:
    """`dws --version` says which release this is."""
    ended = installed("--version")

    assert ended.status == 0
    assert ended.out.startswith("dws 0.")
