"""The rules for plugins: a broken one is named and set aside, and all others work."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.thirdparty.planting import environment, plant

PROBE = Path(__file__).with_name("probe.py")
BROKEN = {
    "raises_at_import": "no moon tonight",
    "exits_at_import": "SystemExit: 7",
    "raises_oddly": "NotEvenAnException: odd",
    "lacks_dependency": "a_dependency_that_nobody_has",
    "misspelt_hook": "dws_resource_typos",
    "misspelt_argument": "snapshto",
    "newer_hooks": "999",
    "raises_when_called": "called, and failed",
    "answers_nonsense": "not a descriptor",
}
Discover = Callable[..., dict[str, Any]]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder on PYTHONPATH."""
    return tmp_path / "site"


@pytest.fixture
def discover(tmp_path: Path, site: Path) -> Discover:
    """Ask the registry of a new process."""

    def ask(*arguments: str, sites: tuple[Path | str, ...] = (site,), cwd: Path = tmp_path, **environ: str) -> dict[str, Any]:
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        command = [sys.executable, str(PROBE), *arguments]
        env = environment(home, *sites, **environ)
        done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return ask


@pytest.mark.parametrize("module", BROKEN)
def test_a_broken_plugin_is_set_aside_with_one_line(discover: Discover, site: Path, module: str) -> None:
    """One line names the plugin, its distribution, the reason and the command that removes it; the others work."""
    plant(site, module, distribution=f"dist-of-{module.replace('_', '-')}", plugin="odd")

    found = discover()

    (line,) = found["warnings"]
    assert found["plugins"]["odd"] == "broken"
    assert "'odd'" in line and BROKEN[module] in line
    assert f"pip uninstall dist-of-{module.replace('_', '-')}" in line
    assert "\n" not in line
    assert {"local-files", "api-resource"} <= found["types"].keys()


def test_all_broken_ones_together_leave_the_rest_at_work(discover: Discover, site: Path) -> None:
    """Each plugin is loaded alone: one failure hides neither the next one nor a good one."""
    for module in (*BROKEN, "claims_a_type"):
        plant(site, module)

    found = discover()

    assert len(found["warnings"]) == len(BROKEN)
    assert found["types"]["claimed"] == "claims-a-type"
    assert all(found["plugins"][module.replace("_", "-")] == "broken" for module in BROKEN)


@pytest.mark.parametrize("module", BROKEN)
def test_strict_plugins_turn_a_broken_one_into_an_error(discover: Discover, site: Path, module: str) -> None:
    """`DWS_STRICT_PLUGINS=1` is for authors and CI."""
    plant(site, module)

    found = discover(DWS_STRICT_PLUGINS="1")

    assert found["error"] == "PluginFailedError"
    assert module.replace("_", "-") in found["message"] and BROKEN[module] in found["message"]
    assert found["hint"]


def test_a_disabled_plugin_is_never_imported(discover: Discover, site: Path) -> None:
    """`DWS_DISABLE_PLUGINS=a,b` names plugins."""
    for module in ("raises_at_import", "claims_a_type"):
        plant(site, module)

    found = discover(DWS_DISABLE_PLUGINS="raises-at-import, claims-a-type")

    assert found["warnings"] == []
    assert found["plugins"]["raises-at-import"] == found["plugins"]["claims-a-type"] == "disabled"
    assert not {"raises_at_import", "claims_a_type"} & set(found["modules"])
    assert "claimed" not in found["types"]


def test_without_plugins_the_built_in_ones_remain(discover: Discover, site: Path) -> None:
    """`--no-plugins` imports nothing of a stranger's."""
    plant(site, "claims_a_type")

    found = discover("--none")

    assert "claims_a_type" not in found["modules"]
    assert set(found["types"].values()) == {"dws-core"}


def test_of_two_that_claim_one_type_neither_is_used(discover: Discover, site: Path) -> None:
    """Two strangers claim one name: neither is used until one is disabled."""
    for module in ("claims_a_type", "claims_the_same_type"):
        plant(site, module)

    both = discover()
    one = discover(DWS_DISABLE_PLUGINS="claims-a-type")

    (line,) = both["warnings"]
    assert "claimed" not in both["types"]
    assert "'claimed'" in line and "claims-a-type" in line and "claims-the-same-type" in line
    assert one["types"]["claimed"] == "claims-the-same-type" and one["warnings"] == []


def test_a_clash_is_an_error_where_plugins_are_strict(discover: Discover, site: Path) -> None:
    """An author learns of it at once."""
    for module in ("claims_a_type", "claims_the_same_type"):
        plant(site, module)

    assert discover(DWS_STRICT_PLUGINS="1")["error"] == "PluginClashError"


def test_a_built_in_type_keeps_a_name_that_a_stranger_claims(discover: Discover, site: Path) -> None:
    """A stranger cannot take the place of what the core brings."""
    plant(site, "claims_a_builtin_type")

    assert discover()["types"]["local-files"] == "dws-core"


def test_two_plugins_of_one_name_are_both_set_aside(discover: Discover, site: Path) -> None:
    """A plugin's name is its entry point's; a second one of the same name is not skipped in silence."""
    plant(site, "claims_a_type", plugin="twin")
    plant(site, "refuses_snapshots", plugin="twin")

    found = discover()

    assert len(found["warnings"]) == 2
    assert all("claims-a-type" in line and "refuses-snapshots" in line for line in found["warnings"])
    assert "claimed" not in found["types"]


def test_a_built_in_plugin_keeps_its_name(discover: Discover, site: Path) -> None:
    """An entry point named as a built-in one is set aside."""
    plant(site, "claims_a_type", plugin="local-files")

    found = discover()

    assert found["types"]["local-files"] == "dws-core" and "claimed" not in found["types"]
    assert len(found["warnings"]) == 1 and "claims-a-type" in found["warnings"][0]


def test_plugins_are_met_in_order_of_their_distributions(discover: Discover, site: Path) -> None:
    """The order does not depend on what was installed when."""
    for module, distribution in (("claims_a_type", "zzz"), ("refuses_snapshots", "aaa"), ("claims_the_same_type", "mmm")):
        plant(site, module, distribution=distribution)

    ours = [name for name in discover()["plugins"] if name in ("claims-a-type", "refuses-snapshots", "claims-the-same-type")]

    assert ours == ["refuses-snapshots", "claims-the-same-type", "claims-a-type"]


@pytest.mark.parametrize("entry", ["", ".", "site"])
def test_entry_points_of_relative_folders_are_never_read(discover: Discover, site: Path, entry: str) -> None:
    """Only absolute PYTHONPATH entries count: what lies in the current folder may be a stranger's."""
    plant(site, "claims_a_type")
    cwd = site.parent if entry == "site" else site

    found = discover(sites=(entry,), cwd=cwd)

    assert "claims-a-type" not in found["plugins"]


def test_entry_points_beside_a_script_are_never_read(site: Path, tmp_path: Path) -> None:
    """A script's own folder may be a resource."""
    plant(site, "claims_a_type")
    script = site / "script.py"
    script.write_text(PROBE.read_text())

    done = subprocess.run(
        [sys.executable, script], env=environment(tmp_path), cwd=site, capture_output=True, text=True, check=True
    )

    assert "claims-a-type" not in json.loads(done.stdout)["plugins"]


def test_a_plugin_added_or_removed_is_seen_at_once(discover: Discover, site: Path) -> None:
    """Nothing remembered of an earlier start stands in for what is installed now."""
    before = discover()
    plant(site, "claims_a_type")
    added = discover()
    for path in site.glob("*.dist-info"):
        path.rename(site / "no longer")
    removed = discover()

    assert "claimed" not in before["types"] and "claimed" in added["types"] and "claimed" not in removed["types"]
