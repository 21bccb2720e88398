"""Plugins through the command line: what is wrong with one is told once, and stops nothing else."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.thirdparty.planting import environment, plant

Dws = Callable[..., subprocess.CompletedProcess[str]]
HEAVY = {"git", "boto3", "botocore", "paramiko", "sklearn", "numpy", "scipy", "pandas", "IPython", "ipykernel", "joblib"}
HEAVY |= {"fsspec", "dask", "pyarrow"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder on PYTHONPATH."""
    return tmp_path / "site"


@pytest.fixture
def dws(tmp_path: Path, site: Path) -> Dws:
    """Run the installed command in an empty directory."""
    root = tmp_path / "workspace"
    home = tmp_path / "home"
    for directory in (root, home):
        directory.mkdir()

    def run(*arguments: str, status: int = 0, **environ: str) -> subprocess.CompletedProcess[str]:
        command = ["dws", *arguments]
        env = environment(home, site, **environ)
        done = subprocess.run(command, env=env, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


def listed(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    """Take the rows of `dws --json plugins list`, by plugin."""
    return {row["Plugin"]: row for row in json.loads(done.stdout)["tables"][0]["rows"]}


@pytest.mark.parametrize("module", ["raises_at_import", "exits_at_import", "lacks_dependency", "misspelt_hook", "newer_hooks"])
def test_a_broken_plugin_costs_one_line_on_stderr(dws: Dws, site: Path, module: str) -> None:
    """Every command that does not need it works; the line names the plugin, its distribution and what removes it."""
    plant(site, module, distribution="dist-of-it", plugin="odd")

    made = dws("init", "--backend", "plain")
    status = dws("--json", "status")
    plugins = listed(dws("--json", "plugins", "list"))

    for done in (made, status):
        (line,) = done.stderr.splitlines()
        assert "'odd'" in line and "dist-of-it" in line and "python3 -m pip uninstall dist-of-it" in line
    assert json.loads(status.stdout)["report"] == "status"
    assert plugins["odd"]["State"] == "broken" and plugins["odd"]["Distribution"] == "dist-of-it"


@pytest.mark.parametrize("module", ["raises_when_called", "answers_nonsense"])
def test_a_plugin_that_fails_when_it_is_asked_costs_one_line_too(dws: Dws, site: Path, module: str) -> None:
    """What it would bring is missed by one command, and the others go on."""
    plant(site, module, plugin="odd")

    helped = dws("add", "--help")

    assert [line for line in helped.stderr.splitlines() if "'odd'" in line and "pip uninstall" in line] != []
    assert "local-files" in helped.stdout
    assert listed(dws("--json", "plugins", "list"))["odd"]["State"] == "broken"


def test_a_disabled_plugin_is_heard_of_no_more(dws: Dws, site: Path) -> None:
    """`dws plugins disable NAME` is remembered by this user, and undone by `enable`."""
    plant(site, "raises_at_import")

    dws("plugins", "disable", "raises-at-import")
    quiet = dws("init", "--backend", "plain")
    state = listed(dws("--json", "plugins", "list"))["raises-at-import"]["State"]
    dws("plugins", "enable", "raises-at-import")
    loud = dws("status")

    assert quiet.stderr == "" and state == "disabled"
    assert "raises-at-import" in loud.stderr


def test_disabling_an_unknown_plugin_is_refused(dws: Dws) -> None:
    """A misspelt name is not remembered in silence."""
    refusal = dws("plugins", "disable", "no-such-plugin", status=1)

    assert "no-such-plugin" in refusal.stderr and "hint: " in refusal.stderr


def test_strict_plugins_stop_every_command(dws: Dws, site: Path) -> None:
    """`DWS_STRICT_PLUGINS=1` turns a broken plugin into an error, for authors and CI."""
    plant(site, "raises_at_import")

    refusal = dws("init", status=1, DWS_STRICT_PLUGINS="1")

    assert "no moon tonight" in refusal.stderr and "hint: " in refusal.stderr


def test_without_plugins_a_broken_one_is_not_even_met(dws: Dws, site: Path) -> None:
    """`--no-plugins` is the way out."""
    plant(site, "exits_at_import")

    assert dws("--no-plugins", "init").stderr == ""


def test_a_plugin_without_its_class_is_named_when_it_is_used(dws: Dws, site: Path) -> None:
    """A descriptor that leads nowhere is an error of the one command that follows it."""
    plant(site, "lacks_its_class")
    dws("init", "--backend", "plain")

    refusal = dws("add", "hollow", "--role", "code", status=1)

    assert "'lacks-its-class'" in refusal.stderr and "nowhere" in refusal.stderr and "hint: " in refusal.stderr


def test_a_hook_may_refuse_a_snapshot(dws: Dws, site: Path, tmp_path: Path) -> None:
    """A DwsError of a plugin's comes out as it is; nothing was recorded."""
    plant(site, "refuses_snapshots")
    dws("init", "--backend", "plain", "--create-resources", "code")
    next(path for path in (tmp_path / "workspace").iterdir() if path.name == "code").joinpath("x.py").write_text("1\n")

    refusal = dws("snapshot", "FIRST", status=1)

    assert refusal.stderr.splitlines() == ["error: no snapshots on a Friday", "hint: come back on Monday"]
    assert "FIRST" not in dws("report", "history").stdout


def test_a_hook_that_fails_before_a_snapshot_is_named(dws: Dws, site: Path) -> None:
    """The error tells which plugin failed in which hook, and how to go on without it."""
    plant(site, "fails_beforehand", plugin="odd")
    dws("init", "--backend", "plain", "--create-resources", "code")

    refusal = dws("snapshot", "FIRST", status=1)
    dws("snapshot", "FIRST", DWS_DISABLE_PLUGINS="odd")

    assert "'odd'" in refusal.stderr and "dws_before_snapshot" in refusal.stderr and "dws plugins disable odd" in refusal.stderr


def test_a_hook_that_fails_after_a_snapshot_changes_nothing(dws: Dws, site: Path) -> None:
    """The snapshot has happened; the failure is told on a line."""
    plant(site, "fails_afterwards", plugin="odd")
    dws("init", "--backend", "plain", "--create-resources", "code")

    taken = dws("snapshot", "FIRST")

    told = taken.stdout + taken.stderr
    assert "'odd'" in told and "dws_after_snapshot" in told and "too late" in told
    assert "FIRST" in dws("report", "history").stdout


def test_a_hook_that_fails_does_not_silence_the_next(dws: Dws, site: Path, tmp_path: Path) -> None:
    """Each implementation is called alone, in order of the distributions' names."""
    plant(site, "fails_afterwards", distribution="a-first")
    plant(site, "speaks_afterwards", distribution="b-second")
    dws("init", "--backend", "plain", "--create-resources", "code")

    dws("snapshot", "FIRST")

    assert (tmp_path / "workspace" / "note.txt").read_text() == "FIRST"


def test_a_command_of_a_plugin_that_fails_names_the_plugin(dws: Dws, site: Path) -> None:
    """No traceback, and no claim that dws itself is at fault."""
    plant(site, "brings_bad_commands", plugin="odd")

    crashed = dws("crash", status=1)
    hollow = dws("hollow", status=1)

    assert "'odd'" in crashed.stderr and "no luck" in crashed.stderr and "dws plugins disable odd" in crashed.stderr
    assert "'odd'" in hollow.stderr and "nowhere" in hollow.stderr


def test_a_command_of_a_plugin_never_takes_the_place_of_a_verb(dws: Dws, site: Path) -> None:
    """`dws init` stays what it is."""
    plant(site, "brings_bad_commands")

    assert "Made the workspace" in dws("init", "--backend", "plain").stdout


def test_two_that_claim_one_type_are_both_named(dws: Dws, site: Path) -> None:
    """Neither is used until one is disabled."""
    for module in ("claims_a_type", "claims_the_same_type"):
        plant(site, module)

    both = dws("add", "--help")
    one = dws("add", "--help", DWS_DISABLE_PLUGINS="claims-a-type")

    assert "claims-a-type" in both.stderr and "claims-the-same-type" in both.stderr and "dws plugins disable" in both.stderr
    assert "A claimed type." not in both.stdout and "A claimed type." in one.stdout


def test_entry_points_in_the_current_folder_are_never_read(dws: Dws, tmp_path: Path) -> None:
    """What lies where the command is called may be a stranger's."""
    plant(tmp_path / "workspace", "raises_at_import")

    done = dws("init", "--backend", "plain")

    assert done.stderr == "" and "raises-at-import" not in dws("plugins", "list").stdout


@pytest.mark.parametrize("arguments", [["--help"], ["status"], ["plugins", "list"], ["report", "history"], ["add", "--help"]])
def test_light_commands_import_nothing_heavy(dws: Dws, site: Path, tmp_path: Path, arguments: list[str]) -> None:
    """An installed plugin that is not needed is never more than a light module."""
    dws("init", "--backend", "plain")
    code = "import sys, atexit, dws_core.cli as c\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\nc.main()"
    env = environment(tmp_path / "home", site)
    command = [sys.executable, "-I", "-c", code, *arguments]

    done = subprocess.run(command, env=env, cwd=tmp_path / "workspace", capture_output=True, text=True, check=True)

    imported = {name.partition(".")[0] for name in done.stderr.split()}
    assert "dws_core" in imported and not HEAVY & imported
