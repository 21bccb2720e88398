"""The lock and the journal."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dws_core.errors import FileAccessError, WorkspaceBusyError
from dws_core.journal import Journal, UndoLog, locked, write_whole

HOLD = """
import sys, time
from pathlib import Path
from dws_core.journal import locked
with locked(Path(sys.argv[1]), "a test", print):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def holding(lock: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the lock."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
        child.kill()


def test_a_lock_that_is_held_is_waited_for_and_its_holder_named(tmp_path: Path) -> None:
    """Who waits learns for whom, and gives up with the holder's name."""
    told: list[str] = []

    with (
        holding(tmp_path / "lock"),
        pytest.raises(WorkspaceBusyError, match="a test"),
        locked(tmp_path / "lock", "me", told.append, patience=0.2),
    ):
        pass

    assert told == ["waiting for the workspace, which is in use by a test"]


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    """No stale lock survives its holder."""
    with holding(tmp_path / "lock") as child:
        child.kill()
        child.wait()

        with locked(tmp_path / "lock", "me", print, patience=0):
            assert (tmp_path / "lock").read_text() == "me"


def test_the_journal_gives_back_what_was_noted_until_it_is_cleared(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.json")

    assert journal.read() is None
    journal.write({"verb": "snapshot"})
    assert Journal(tmp_path / "journal.json").read() == {"verb": "snapshot"}
    journal.clear()
    assert journal.read() is None


def test_undo_entries_are_numbered_in_order(tmp_path: Path) -> None:
    log = UndoLog(tmp_path / "undo")

    for verb in ("restore", "config"):
        log.write(log.next_number(), {"verb": verb})

    assert log.read() == {1: {"verb": "restore"}, 2: {"verb": "config"}}
    log.remove(1)
    assert [*log.read(), log.next_number()] == [2, 3]


def test_a_write_that_fails_names_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    """A path whose parent is a file cannot be written: the error says so, and no temporary file stays."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(FileAccessError, match="file"):
        write_whole(tmp_path / "file" / "record.json", b"{}")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
