"""A stranger's resource type, used from the command line; and what is left of it where it is not installed."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.thirdparty.planting import environment, plant_stranger

Dws = Callable[..., subprocess.CompletedProcess[str]]
FIRST = "date,price\n1,2\n"
STEP = """
from dws_core import LineageBuilder
with LineageBuilder().with_step_name("clean").with_input_ref("prices").with_output_ref("api").eval():
    pass
"""


@pytest.fixture
def dws(tmp_path: Path) -> Dws:
    """Run the installed command in a workspace's directory."""
    root = tmp_path / "workspace"
    home = tmp_path / "home"
    for directory in (root, home):
        directory.mkdir()

    def run(*arguments: str, status: int = 0, sites: tuple[Path, ...] = ()) -> subprocess.CompletedProcess[str]:
        command = ["dws", *arguments]
        done = subprocess.run(command, env=environment(home, *sites), cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """A file in the workspace."""
    path = tmp_path / "workspace" / "data" / "prices.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FIRST)
    return path


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Take the rows of the first table of a report in JSON."""
    found: list[dict[str, Any]] = json.loads(done.stdout)["tables"][0]["rows"]
    return found


def test_its_type_is_offered_like_any_other(dws: Dws) -> None:
    """`dws plugins list` and `dws add --help` name it."""
    listed = [row for row in rows(dws("--json", "plugins", "list")) if row["Plugin"] == "example"]

    assert [(row["Distribution"], row["State"]) for row in listed] == [("dws-example", "ok")]
    assert "resource type: shelf, single-file" in str(listed[0]["Gives"])
    assert "single-file" in dws("add", "--help").stdout


def test_it_is_added_snapshot_changed_and_restored(dws: Dws, prices: Path) -> None:
    """The whole round, with the command that users have."""
    dws("init")
    dws("add", "single-file", "--role", "source-data", "--name", "prices", "data/prices.csv")
    dws("snapshot", "-m", "first", "FIRST")
    unchanged = rows(dws("--json", "status"))
    prices.write_text("date,price\n1,3\n")
    changed = rows(dws("--json", "status"))
    dws("snapshot", "-m", "second", "SECOND")
    difference = dws("diff", "FIRST", "SECOND")
    dws("restore", "FIRST")

    assert [(row["Resource"], row["State"]) for row in unchanged] == [("prices", "unchanged")]
    assert [(row["Resource"], row["State"], row["Changed"]) for row in changed] == [("prices", "changed", 1)]
    assert "prices.csv" in difference.stdout
    assert prices.read_text() == FIRST


def test_what_it_refuses_is_told_with_a_next_step(dws: Dws, prices: Path, tmp_path: Path) -> None:
    """Errors of a stranger's type come out as those of ours do, and leave the workspace as it was."""
    dws("init")
    before = sorted((tmp_path / "workspace" / ".dataworkspace").rglob("*.json"))

    refusals = [dws("add", "single-file", "--role", "code", path, status=1) for path in ("no.csv", "data")]
    bare = dws("add", "single-file", status=2)
    dws("add", "single-file", "--role", "results", "data/prices.csv", status=1)

    assert all(refusal.stderr.startswith("error: ") and "\nhint: " in refusal.stderr for refusal in refusals)
    assert "PATH" in bare.stderr
    assert sorted((tmp_path / "workspace" / ".dataworkspace").rglob("*.json")) == before


@pytest.fixture
def opaque(dws: Dws, prices: Path, tmp_path: Path) -> Dws:
    """A workspace with two snapshots of a stranger's resource `prices`, which a step read; the stranger is uninstalled."""
    site = tmp_path / "site"
    plant_stranger(site)
    dws("init", sites=(site,))
    dws("add", "stranger-file", "--role", "source-data", "--name", "prices", "data/prices.csv", sites=(site,))
    dws("add", "api-resource", "--role", "source-data", "--name", "api")
    dws("config", "--resource", "api", "version", "1")
    env = environment(tmp_path / "home", site)
    subprocess.run([sys.executable, "-c", STEP], env=env, cwd=tmp_path / "workspace", check=True)
    dws("snapshot", "ONE", sites=(site,))
    prices.write_text("date,price\n1,3\n")
    dws("snapshot", "TWO", sites=(site,))
    shutil.rmtree(site)
    return dws


def test_without_its_type_a_resource_is_still_shown(opaque: Dws) -> None:
    """Status, history, diff, lineage and reports still show an opaque resource."""
    status = {row["Resource"]: row["State"] for row in rows(opaque("--json", "status"))}
    reported = {row["Resource"]: row for row in rows(opaque("--json", "report", "status"))}
    history = [row["Tags"] for row in rows(opaque("--json", "report", "history"))]

    assert status == {"prices": "opaque", "api": "unchanged"}
    assert reported["prices"]["Type"] == "stranger-file" and "data/prices.csv" in str(reported["prices"]["Parameters"])
    assert len(history) == 2
    assert "prices" in opaque("diff", "ONE", "TWO").stdout
    for lineage in (opaque("report", "lineage", "--snapshot", "ONE"), opaque("report", "lineage")):
        assert re.search(r"\| prices +\| Source Data +\| Hash:[0-9a-f]{8} +\| None +\|", lineage.stdout)


@pytest.mark.parametrize("command", [("snapshot", "THREE"), ("restore", "ONE"), ("restore", "--only", "prices", "ONE")])
def test_without_its_type_what_needs_it_names_the_distribution(opaque: Dws, prices: Path, command: tuple[str, ...]) -> None:
    """The name is shown as what the workspace asks for, since the workspace may be a stranger's; nothing has changed."""
    before = prices.read_text()

    refusal = opaque(*command, status=1)

    assert "stranger-file" in refusal.stderr and "'dws-stranger'" in refusal.stderr and "asks for" in refusal.stderr
    assert "--leave prices" in refusal.stderr
    assert prices.read_text() == before
    assert len(rows(opaque("--json", "report", "history"))) == 2


def test_without_its_type_a_resource_can_be_left(opaque: Dws, prices: Path, tmp_path: Path) -> None:
    """`--leave NAME` records the last version as carried over; with the type back, all of it is there."""
    opaque("config", "--resource", "api", "version", "2")
    records = {path: path.read_bytes() for path in (tmp_path / "workspace" / ".dataworkspace" / "resources").iterdir()}

    opaque("snapshot", "--leave", "prices", "THREE")
    opaque("restore", "--leave", "prices", "ONE")
    site = tmp_path / "site"
    plant_stranger(site)
    opaque("restore", "ONE", sites=(site,))
    first = prices.read_text()
    opaque("restore", "THREE", sites=(site,))

    assert first == FIRST and prices.read_text() == "date,price\n1,3\n"
    assert {path: path.read_bytes() for path in records} == records


def test_a_distribution_that_is_no_mere_name_is_never_shown_as_a_command(opaque: Dws, tmp_path: Path) -> None:
    """A record from a stranger cannot make a user install something else than a distribution of that name."""
    resources = tmp_path / "workspace" / ".dataworkspace" / "resources"
    for path in resources.iterdir():
        text = path.read_text()
        path.write_text(re.sub('"distribution": "dws-stranger"', '"distribution": "git+https://example.org/x --pre"', text))

    refusal = opaque("snapshot", "THREE", status=1)

    assert "pip install git+" not in refusal.stderr
