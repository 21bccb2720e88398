"""`dws gc`: what it tells."""

from pathlib import Path

from .conftest import Dws


def test_what_it_does_is_told_in_numbers(dws: Dws, workspace: Path) -> None:
    """Before and after: how many objects and bytes, and how much can no longer be undone."""
    dws("snapshot", "V1")
    (workspace / "digits" / "data.csv").write_text("3,4\n" * 1000)
    dws("snapshot", "V2")
    dws("restore", "V1")
    dws("delete-snapshot", "V2")
    for entry in (workspace / ".dataworkspace" / "local" / "undo").iterdir():
        entry.unlink()

    told, done, again = dws("gc", "--dry-run"), dws("gc"), dws("gc")

    what = "2 objects (4.0 KiB)"
    assert told.out == f"Would remove {what}; nothing has been changed\n"
    assert done.out == f"Removed {what}\n"
    assert again.out == "Nothing was removed: all that is stored is needed\n"


def test_what_can_no_longer_be_undone_is_told(dws: Dws, workspace: Path) -> None:
    """All but the newest: an added resource, and three snapshots."""
    for tag in ("V1", "V2", "V3"):
        dws("snapshot", tag)
    dws("config", "undo_days", "0")

    assert dws("gc").out == "Removed 0 objects (0 bytes), and what it takes to undo 4 operations\n"


def test_damage_stops_it_with_the_next_step(dws: Dws, workspace: Path) -> None:
    dws("snapshot", "V1")
    (record,) = (workspace / ".dataworkspace" / "snapshots").iterdir()
    record.write_bytes(record.read_bytes() + b" ")

    ended = dws("gc")

    assert ended.status == 1
    assert "nothing was removed, since it cannot be told what is still needed" in ended.err
    assert str(record) in ended.err
    assert "dws verify --repair" in ended.err


def test_days_that_make_no_sense_are_refused(dws: Dws, workspace: Path) -> None:
    ended = dws("config", "undo_days", "99999")

    assert ended.status == 1
    assert "a whole number from 0 to 36500" in ended.err
