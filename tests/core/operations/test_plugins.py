"""`plugins`: what is installed, and what is imported of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from dws_core.errors import UnknownNameError
from dws_core.operations.plugins import diagnose_plugins, disable_plugins, enable_plugins, list_plugins
from dws_core.registry import Plugin, Registry, read_choices


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}


def test_the_choice_is_kept_in_the_users_configuration(registry: Registry, environ: dict[str, str]) -> None:
    """Disabling adds to what is disabled, enabling takes away."""
    assert disable_plugins(registry, environ, ["reports"]) == ("reports",)
    assert disable_plugins(registry, environ, ["formats"]) == ("formats", "reports")
    assert enable_plugins(registry, environ, ["reports"]) == (("formats",), ())
    assert read_choices(environ) == {"formats"}


def test_an_unknown_plugin_changes_nothing(registry: Registry, environ: dict[str, str]) -> None:
    """One wrong name among several stops before anything is written."""
    for change in (disable_plugins, enable_plugins):
        with pytest.raises(UnknownNameError):
            change(registry, environ, ["reports", "frobnicate"])

    assert read_choices(environ) == frozenset()


def test_a_plugin_that_is_gone_can_still_be_enabled(registry: Registry, environ: dict[str, str]) -> None:
    """What was disabled and then uninstalled does not stay on the list for ever."""
    disable_plugins(registry, environ, ["reports"])
    without = Registry([])

    assert enable_plugins(without, environ, ["reports"]) == ((), ())


def test_a_broken_plugin_is_listed_with_what_removes_it() -> None:
    """Name, distribution, version, state, and the command that gets rid of it."""
    registry = Registry([Plugin("nope", "dws-nope", "1.2", "no_such_module_anywhere", builtin=False)])

    (row,) = list_plugins(registry).tables[0].rows

    assert row[:4] == ("nope", "dws-nope", "1.2", "broken")
    assert "no_such_module_anywhere" in str(row[5])
    assert "`python3 -m pip uninstall dws-nope`" in str(row[5])


def test_the_doctor_finds_what_a_listing_cannot(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that cannot be imported shows up before it is needed."""
    provided = registry.reports["history"]
    broken = replace(provided, descriptor=replace(provided.descriptor, implementation="dws_core.builtin.reports.history:Gone"))
    monkeypatch.setitem(registry.__dict__["reports"], "history", broken)

    report = diagnose_plugins(registry)

    findings = {row[2]: row[3] for row in report.tables[0].rows}
    assert "AttributeError" in str(findings["report history"])
    assert findings["report status"] == "ok"
    assert report.facts == {"healthy": False}
