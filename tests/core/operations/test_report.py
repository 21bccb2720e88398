"""`report`: what a plugin's report answers, and whose fault it is if it does not."""

import pytest

from dws_core.errors import PluginFailedError, UnknownNameError
from dws_core.operations.report import report
from dws_core.workspace import Workspace


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
