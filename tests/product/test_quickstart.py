"""The introduction's quick start, played through the installed command."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sklearn.svm import SVC

PLAYER = Path(__file__).parents[2] / "docs" / "quickstart" / "quickstart.py"
REPORT = ["precision", "recall", "f1-score", "support"]
DIGITS = [f"{digit}.0" for digit in range(10)]

# One worker for all, so that it is played once.
pytestmark = pytest.mark.xdist_group("quickstart")


@dataclass(frozen=True)
class Play:
    """What was typed and what came back; a command that was typed twice is found by its number."""

    stage: Path
    said: str

    @property
    def workspace(self) -> Path:
        return self.stage / "quickstart"

    def output(self, command: str, number: int = 0) -> str:
        """What a command printed."""
        pieces = [piece.partition("\n") for piece in re.split(r"^\$ ", self.said, flags=re.MULTILINE)]
        outputs = [rest for first, _, rest in pieces if first == command]
        assert number < len(outputs), f"{command!r} was typed {len(outputs)} times"
        return re.split(r"^# ", outputs[number], flags=re.MULTILINE)[0]

    def tables(self, command: str, number: int = 0) -> list[list[list[str]]]:
        """The tables that a command printed: rows of cells; what is no row parts two tables."""
        found: list[list[list[str]]] = [[]]
        for line in self.output(command, number).splitlines():
            if line.startswith("|"):
                found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
            elif found[-1]:
                found.append([])
        return [table for table in found if table]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """The whole play, once."""
    stage = tmp_path_factory.mktemp("quickstart")
    return _play(stage)


def _play(stage: Path) -> Play:
    done = subprocess.run([sys.executable, PLAYER, stage], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Play(stage, done.stdout)


def test_the_play_says_where_the_workspace_is_and_what_to_try_next(play: Play) -> None:
    """It ends with the workspace's place and commands to go on with."""
    end = play.said[play.said.rindex("The workspace is at") :]

    assert str(play.workspace) in end
    assert "dws restore SVC-2" in end


def test_the_status_lists_what_was_added(play: Play) -> None:
    """`dws report status` has the introduction's lines, columns and rows."""
    output = play.output("dws report status")
    (rows,) = play.tables("dws report status")

    assert output.splitlines()[:2] == ["Status for workspace: quickstart", "Resources for workspace: quickstart"]
    assert "No resources for the following roles: intermediate-data." in output
    assert rows[0] == ["Resource", "Role", "Type", "Parameters"]
    named = {row[0]: row[1:3] for row in rows[1:] if row[0]}
    assert named == {
        "sklearn-digits-dataset": ["source-data", "git"],
        "code": ["code", "git-subdirectory"],
        "results": ["results", "git-subdirectory"],
    }
    parameters = [row[3].rstrip(",") for row in rows[1:]]
    for expected in (
        "relative_local_path=sklearn-digits-dataset",
        "branch=master",
        "read_only=True",
        "relative_path=code",
        "relative_path=results",
    ):
        assert expected in parameters
    assert any(text.startswith("remote_origin_url=") for text in parameters)


def test_the_results_are_those_of_the_introduction(play: Play) -> None:
    """`dws report results` shows the run, every parameter of the classifier, and accuracy 0.969."""
    assert "Wrote results to results:results.json" in play.output("python digits-svc.py")
    output = play.output("dws report results")
    general, parameters, metrics, report = play.tables("dws report results")

    assert output.splitlines()[0] == "Results file at results:/results.json"
    assert "General Properties" in output
    assert "Metrics: classification_report" in output
    assert [row[0] for row in general] == ["Key", "step", "start_time", "execution_time_seconds", "run_description"]
    assert ["step", "digits-svc"] in general
    assert ["run_description", "None"] in general
    expected = SVC(gamma=0.001).get_params()
    assert dict(parameters[1:]) == {name: str(value) for name, value in expected.items()}
    assert metrics == [["Key", "Value"], ["accuracy", "0.969"]]
    rows = [row[0] for row in report[1:]]
    assert rows[:10] == DIGITS
    assert {"macro avg", "weighted avg"} <= set(rows)
    assert re.findall(r"([a-z0-9-]+): ", dict(report[1:])["0.0"]) == REPORT


def test_the_history_lists_the_snapshots(play: Play) -> None:
    """`dws report history` has the introduction's columns, and a row for each snapshot, oldest first."""
    ((heads, first),) = play.tables("dws report history")
    ((_, again, second),) = play.tables("dws report history", 1)

    assert heads == ["Hash", "Tags", "Created", "accuracy", "classification_report", "Message"]
    assert re.fullmatch(r"[0-9a-f]{7}", first[0])
    assert first[1] == "SVC-1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", first[2])
    assert first[3] == "0.969"
    assert re.fullmatch(r"\{'0\.0': \{'.*\.\.", first[4])
    assert first[5] == "first run with SVC"
    assert again == first
    assert second[1] == "SVC-2"
    assert "1 snapshots total" in play.output("dws report history")
    assert "2 snapshots total" in play.output("dws report history", 1)


def test_the_lineage_names_the_step_and_the_version_of_its_data(play: Play) -> None:
    """`dws report lineage` shows that the results came from the step, and the step's input by its commit."""
    command = "dws report lineage --snapshot SVC-1"
    ((heads, *rows),) = play.tables(command)

    commit = _git(play.workspace / "sklearn-digits-dataset", "rev-parse", "HEAD")[:8]
    by_name = {row[0]: row[1:] for row in rows}
    assert play.output(command).startswith("Lineage for SVC-1")
    assert heads == ["Resource", "Type", "Details", "Inputs"]
    kind, details, inputs = by_name["results"]
    assert kind == "Step"
    assert re.fullmatch(r"digits-svc at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", details)
    assert f"sklearn-digits-dataset (Hash:{commit})" in inputs
    assert by_name["sklearn-digits-dataset"] == ["Source Data", f"Hash:{commit}", "None"]


def test_the_difference_names_what_was_changed_and_nothing_else(play: Play) -> None:
    """`dws diff` shows the data's and the code's files, the one parameter and the metrics."""
    output = play.output("dws diff SVC-1 SVC-2")

    assert "digits-svc.py" in output
    assert "data.csv" in output
    assert re.search(r"gamma.*0\.001.*0\.002", output)
    assert re.search(r"^\| accuracy +\| +0\.9688\d+ +\| +0\.9710\d+ +\|$", output, flags=re.MULTILINE)
    assert "cache_size" not in output
    assert "DESCR.txt" not in output


def test_the_restore_brings_back_code_and_data_and_leaves_all_results(play: Play) -> None:
    """After `dws restore SVC-1`, code and data are those of the first experiment, and both experiments' results are there."""
    data = play.workspace / "sklearn-digits-dataset"

    assert "SVC(gamma=0.001)" in (play.workspace / "code" / "digits-svc.py").read_text(encoding="utf-8")
    assert _git(data, "log", "-1", "--format=%s") == "Publish the digits"
    assert _git(data, "status", "--porcelain") == ""
    folders = sorted((play.workspace / "results" / "snapshots").iterdir())
    assert [re.sub(r"^.*-(SVC-\d)$", r"\1", folder.name) for folder in folders] == ["SVC-1", "SVC-2"]
    for folder, gamma in zip(folders, (0.001, 0.002), strict=True):
        assert {path.name for path in folder.iterdir()} == {"results.json", "lineage.json", "digits.joblib"}
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        assert list(results) == ["step", "start_time", "execution_time_seconds", "parameters", "run_description", "metrics"]
        assert results["parameters"]["gamma"] == gamma


def test_it_can_be_played_again_in_the_same_directory(play: Play) -> None:
    """What an earlier play left is cleared away."""
    again = _play(play.stage)

    assert again.tables("dws report results")[2] == play.tables("dws report results")[2]


def test_a_directory_with_other_things_is_left_alone(tmp_path: Path) -> None:
    """The player refuses a directory that it did not make, and touches nothing there."""
    (tmp_path / "quickstart").mkdir()
    (tmp_path / "quickstart" / "mine.txt").write_text("mine", encoding="utf-8")

    done = subprocess.run([sys.executable, PLAYER, tmp_path], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "name a directory that is empty" in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["quickstart", "mine.txt"]


def _git(repository: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, text=True, check=True).stdout.strip()
