"""`report`: what a plugin's report answers, and whose fault it is if it does not."""

import pytest

from dws_core.errors import DamagedRecordError, PluginFailedError, UnknownNameError
from dws_core.model.snapshot import Snapshot
from dws_core.operations.report import report
from dws_core.operations.snapshot import snapshot
from dws_core.workspace import Workspace

from .conftest import reopened


def test_a_report_is_built_with_its_settings(workspace: Workspace) -> None:
    """The settings that are given reach the report; the others keep their defaults."""
    built = report(workspace, "history", {"limit": 1})

    assert built.name == "history"
    assert built.tables[0].rows == []


def test_an_unknown_report_names_those_there_are(workspace: Workspace) -> None:
    """Whoever mistypes sees the choice."""
    with pytest.raises(UnknownNameError) as caught:
        report(workspace, "frobnicate", {})

    assert "history" in str(caught.value.hint)


def test_a_report_that_fails_names_its_plugin(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of a plugin is told as one of the plugin, with the way to go on without it."""

    def broken(*_: object) -> None:
        raise IndexError("nothing there")

    monkeypatch.setattr("dws_core.builtin.reports.history.HistoryReport.build", broken)

    with pytest.raises(PluginFailedError) as caught:
        report(workspace, "history", {})

    assert caught.value.message == "plugin 'reports' (dws-core) failed in the report history: IndexError: nothing there"
    assert "dws plugins disable reports" in str(caught.value.hint)


def put_snapshots(workspace: Workspace, count: int) -> list[str]:
    """Records as years of work leave them, the oldest first."""
    return [
        workspace.records.put(
            "snapshots",
            Snapshot(
                number,
                (f"RUN-{number}",),
                "",
                f"2025-01-01T00:00:00.{number:06}Z",
                workspace.hostname,
                "ada",
                {},
                metrics={"accuracy": number / 1000, "report": {str(digit): {"f1": 0.5, "support": 9} for digit in range(10)}},
            ).to_json(),
        )
        for number in range(count)
    ]


def test_the_history_is_in_order_of_time_without_what_was_deleted(workspace: Workspace) -> None:
    identities = put_snapshots(workspace, 30)
    workspace.records.put("removed", {"target": identities[7], "time": "2025-02"})
    workspace.records.put("removed", {"target": identities[8], "time": "2025-02"})
    workspace.records.put("removed", {"target": identities[8], "time": "2025-03", "back": True})

    shown = [each.id for each in reopened(workspace).snapshots()]
    rows = report(reopened(workspace), "history", {}).tables[0].rows

    assert shown == [each for each in identities if each != identities[7]]
    assert [row[1] for row in rows] == [f"RUN-{number}" for number in range(30) if number != 7]


def test_programs_get_the_whole_of_a_metric_of_which_people_see_the_beginning(workspace: Workspace) -> None:
    put_snapshots(workspace, 3)

    for each in (workspace, reopened(workspace)):
        [table] = report(each, "history", {}).tables
        assert [len(repr(row[4])) < 100 for row in table.shown_rows] == [True] * 3
        assert [row[4] for row in table.rows] == [{str(digit): {"f1": 0.5, "support": 9} for digit in range(10)}] * 3


def test_a_record_that_was_damaged_meanwhile_is_found_when_the_rest_of_it_is_read(workspace: Workspace) -> None:
    [identity] = put_snapshots(workspace, 1)
    built = report(workspace, "history", {})
    path = workspace.root / ".dataworkspace" / "snapshots" / f"{identity}.json"
    path.write_text(path.read_text().replace("0.5", "0.9"))

    with pytest.raises(DamagedRecordError, match=identity):
        built.to_json()


def test_a_record_that_makes_no_sense_is_found_each_time(workspace: Workspace) -> None:
    """That its bytes have the hash of its name does not make it a snapshot."""
    identity = workspace.records.put("snapshots", {"time": "2025", "number": -1})

    for _ in range(2):
        with pytest.raises(DamagedRecordError, match=f"{identity}.*'number'"):
            report(reopened(workspace), "history", {})


def test_one_snapshot_more_writes_no_more_where_there_are_many(workspace: Workspace) -> None:
    """Nor does the command after it, which takes note of the new one."""
    put_snapshots(workspace, 300)
    report(reopened(workspace), "history", {})
    before = {path: path.stat() for path in workspace.root.rglob("*") if path.is_file()}

    snapshot(reopened(workspace), "ONE-MORE")
    report(reopened(workspace), "history", {})

    written = 0
    for path in workspace.root.rglob("*"):
        if path.is_file():
            now, old = path.stat(), before.get(path)
            grown = old is not None and old.st_ino == now.st_ino and now.st_size > old.st_size
            if old is None or old.st_mtime_ns != now.st_mtime_ns:
                written += now.st_size - (old.st_size if old and grown else 0)
    assert 0 < written < 10_000
