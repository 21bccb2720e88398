"""Lineage crosses workspaces: three in a row, of one name and with equal names in them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.product.near import run_near

# One worker for all, so that the chain is made once.
pytestmark = pytest.mark.xdist_group("lineage across workspaces")
IDENTITY = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
STEP = """
import sys
from pathlib import Path
from dws_core import LineageBuilder

source, target = map(Path, sys.argv[1:])
builder = LineageBuilder().as_script_step().with_input_path(source)
if target.name == "results":
    with builder.as_results_step("results").eval() as step:
        step.write_results({"size": source.stat().st_size})
else:
    with builder.with_output_path(target).eval():
        target.write_text(source.read_text() + "and more")
"""


def dws(directory: Path, *arguments: str, status: int = 0) -> str:
    ended = run_near(directory, [*arguments])
    assert ended.status == status, ended
    return ended.out if status == 0 else ended.err


def git(directory: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=directory, check=True, capture_output=True)


def step(root: Path, source: str, target: str) -> None:
    subprocess.run([sys.executable, "code/work.py", source, target], cwd=root, check=True, capture_output=True)


def workspace(directory: Path, roles: str) -> Path:
    """A workspace; all have one name, and a script of one name."""
    root = directory / "project"
    root.mkdir(parents=True)
    dws(root, "init", "--create-resources", roles, "--hostname", "here")
    (root / "code" / "work.py").write_text(STEP)
    return root


def lineage(root: Path, *options: str) -> Any:
    return json.loads(dws(root, "--json", "report", "lineage", *options))


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """What the first makes the second goes on with, from a directory that both see; the third from a clone of a repository."""
    tmp_path = tmp_path_factory.mktemp("chain")
    first = workspace(tmp_path / "first", "source-data,code")
    (first / "source-data" / "raw").write_text("raw")
    (first / "shared").mkdir()
    dws(first, "add", "local-files", "--export", "--role", "intermediate-data", "--name", "data", "shared")
    step(first, "source-data/raw", "shared/d")
    dws(first, "snapshot", "V1")

    second = workspace(tmp_path / "second", "code")
    dws(second, "add", "local-files", "--imported", "--allow-outside", "--name", "data", str(first / "shared"))
    git(second, "init", "--quiet", "repository")
    git(second / "repository", "commit", "--quiet", "--allow-empty", "--message", "begin")
    dws(second, "add", "git", "--export", "--role", "intermediate-data", "--name", "between", "repository")
    step(second, "../../first/project/shared/d", "repository/d")
    dws(second, "snapshot", "V1")
    git(second / "repository", "add", ".")
    git(second / "repository", "commit", "--quiet", "--message", "the data, and where it comes from")

    third = workspace(tmp_path / "third", "code,results")
    git(third, "clone", "--quiet", str(second / "repository"), "data")
    dws(third, "add", "git", "--imported", "data")
    step(third, "data/d", "results")
    return first, second, third


@pytest.fixture
def last(chain: tuple[Path, Path, Path], tmp_path: Path) -> Path:
    """A copy of the third workspace."""
    return shutil.copytree(chain[2], tmp_path / "project", symlinks=True)


def test_a_result_is_followed_back_through_three_workspaces(chain: tuple[Path, Path, Path], last: Path) -> None:
    ids = [json.loads((root / ".dataworkspace" / "workspace.json").read_text())["id"] for root in chain]
    first, second = (f"project-{identity[:7]}" for identity in ids[:2])

    dws(last, "snapshot", "V1")

    for told in (
        lineage(last, "--snapshot", "V1"),
        json.loads((last / "results/snapshots/here-V1/lineage.json").read_text()),
    ):
        assert told["imported"]["data"]["workspace"] == ids[1]
        assert told["imported"]["data"]["imported"]["data"]["workspace"] == ids[0]
    rows = lineage(last, "--snapshot", "V1")["tables"][0]["rows"]
    assert [(row["Resource"], row["Type"], row["Inputs"].split(" ")[0]) for row in rows] == [
        ("results", "Step", "data:d"),
        ("data:d", "Source Data", f"{second}/between"),
        ("code", "Code", "None"),
        (f"{second}/between:d", "Step (imported)", f"{second}/data:d"),
        (f"{second}/data:d", "Source Data (imported)", f"{first}/data"),
        (f"{second}/code", "Code (imported)", "None"),
        (f"{first}/data:d", "Step (imported)", f"{first}/source-data:raw"),
        (f"{first}/source-data:raw", "Source Data (imported)", "None"),
        (f"{first}/code", "Code (imported)", "None"),
    ]


def test_nothing_of_it_counts_as_changed_or_as_a_contradiction(chain: tuple[Path, Path, Path]) -> None:
    """Right after a snapshot all is unchanged, in a repository too once the file is committed and recorded."""
    for root in chain:
        dws(root, "snapshot", "V2")

        states = {row["State"] for row in json.loads(dws(root, "--json", "status"))["tables"][0]["rows"]}
        assert states == {"unchanged"}
        assert "Nothing has changed" in dws(root, "snapshot")
    assert "equal" in dws(chain[0], "diff", "V1", "V2")


def test_to_commit_the_file_is_no_change_of_what_a_step_wrote(tmp_path: Path) -> None:
    """A step wrote the whole repository, and another reads it before and after its owner commits."""
    root = workspace(tmp_path, "code,results")
    git(root, "init", "--quiet", "made")
    git(root / "made", "commit", "--quiet", "--allow-empty", "--message", "begin")
    dws(root, "add", "git", "--export", "--role", "intermediate-data", "made")
    (root / "code" / "whole.py").write_text(
        "from dws_core import LineageBuilder\n"
        "with LineageBuilder().as_script_step().with_output_path('made').eval():\n    open('made/d', 'w').write('d')\n"
    )
    subprocess.run([sys.executable, "code/whole.py"], cwd=root, check=True)
    dws(root, "snapshot", "V1")
    git(root / "made", "add", ".")
    git(root / "made", "commit", "--quiet", "--message", "made")

    dws(root, "snapshot", "V2")
    step(root, "made", "results")

    rows = lineage(root)["tables"][0]["rows"]
    assert not any("unknown" in row["Details"] for row in rows)
    left = subprocess.run(["git", "status", "--porcelain"], cwd=root / "made", check=True, capture_output=True).stdout
    assert left == b""


def test_it_never_writes_to_what_it_imported(chain: tuple[Path, Path, Path]) -> None:
    """An imported resource is source data, and read only where its type knows that."""
    (resource,) = [
        row for row in json.loads(dws(chain[2], "--json", "report", "status"))["tables"][0]["rows"] if row["Resource"] == "data"
    ]

    assert resource["Role"] == "source-data"
    assert resource["Parameters"] | {"read_only": True, "imported": True} == resource["Parameters"]


def test_names_that_mean_harm_do_none(last: Path) -> None:
    """What is free text in a stranger's lineage is escaped in every format."""
    path = last / "data" / "lineage.json"
    document = json.loads(path.read_text())
    document["steps"][0] |= {"name": "<script>alert(1)</script>\x1b]0;x\x07 | `x` \u202e", "start": "=cmd|'/c calc'!A0"}
    document["imported"]["data"]["problem"] = "<img src=x onerror=alert(1)>\x1b[2J"
    path.write_text(json.dumps(document))

    for format_ in ("text", "csv", "markdown", "json"):
        said = dws(last, "report", "lineage", "--format", format_)

        assert not {"\x1b", "\x07", "\u202e"} & {*said}
        if format_ == "markdown":
            assert "<script>" not in said
            assert "<img" not in said
    assert dws(last, "snapshot", "V1")


def test_one_flag_excludes_the_other(chain: tuple[Path, Path, Path]) -> None:
    (chain[0] / "more").mkdir()

    said = dws(chain[0], "add", "local-files", "--export", "--imported", "more", status=2)

    assert "--export and --imported exclude each other" in said
