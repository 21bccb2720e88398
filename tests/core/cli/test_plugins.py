"""Tests of `dws plugins` as it is typed."""

import json
from pathlib import Path

import pytest

from .conftest import Dws


def test_the_list_says_what_each_plugin_gives(dws: Dws, here: Path) -> None:
    """Name, distribution, version, state and what it brings."""
    rows = {row[0]: row for row in dws("--no-plugins", "plugins", "list").rows}

    assert rows["Plugin"] == ["Plugin", "Distribution", "Version", "State", "Gives", "Remark"]
    assert rows["reports"][1:2] + rows["reports"][3:] == ["dws-core", "ok", "report: history, lineage, results, status", ""]


def test_a_disabled_plugin_is_not_used_until_it_is_enabled(dws: Dws, here: Path) -> None:
    """The choice is kept for every workspace of this user."""
    assert dws("plugins", "disable", "api-resource").out == "Disabled plugin api-resource\n"

    states = {row[0]: row[3] for row in dws("plugins", "list").rows}
    used = dws("add", "api-resource")

    assert states["api-resource"] == "disabled"
    assert used.status == 1
    assert "there is no resource type 'api-resource'" in used.err

    assert dws("plugins", "enable", "api-resource").status == 0

    assert {row[0]: row[3] for row in dws("plugins", "list").rows}["api-resource"] == "ok"


def test_enabling_what_the_environment_disables_says_so(dws: Dws, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`dws plugins enable` cannot overrule DWS_DISABLE_PLUGINS, and does not pretend to."""
    monkeypatch.setenv("DWS_DISABLE_PLUGINS", "api-resource")

    ended = dws("plugins", "enable", "api-resource")

    assert "api-resource stays disabled" in ended.out


def test_without_the_text_format_programs_and_repair_still_work(dws: Dws, here: Path) -> None:
    """Whoever disables the formats can enable them again."""
    dws("plugins", "disable", "formats")

    text, document = dws("plugins", "list"), dws("--json", "plugins", "list")

    assert text.status == 1
    assert "there is no report format 'text'" in text.err
    assert json.dumps(document.document)
    assert dws("plugins", "enable", "formats").status == 0
    assert dws("plugins", "list").status == 0


def test_the_doctor_imports_everything(dws: Dws, here: Path) -> None:
    """What is installed is well, or the finding says what is not."""
    findings = {row[2]: row[3] for row in dws("--no-plugins", "plugins", "doctor").rows}

    assert findings["resource type local-files"] == "ok"
    assert findings["report format text"] == "ok"
