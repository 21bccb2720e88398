"""The benchmark measures what it says."""

import json
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[2]


def test_the_benchmark_measures_every_operation_and_compares_two_runs(tmp_path: Path) -> None:
    """One run keeps its numbers for each size, type and operation; another is compared with them."""
    kept = tmp_path / "kept.json"
    command = [sys.executable, "-m", "benchmarks.run", "--rounds=1", f"--directory={tmp_path}"]

    subprocess.run([*command, "--sizes=20,200", f"--keep={kept}"], cwd=TOP, check=True, capture_output=True)
    second = subprocess.run(
        [*command, "--sizes=20", "--types=local-files", f"--keep={tmp_path / 'again.json'}", f"--against={kept}"],
        cwd=TOP,
        check=True,
        capture_output=True,
        text=True,
    )

    measured = json.loads(kept.read_text(encoding="utf-8"))
    assert set(measured["sections"]) == {"machine", "local-files", "git-subdirectory"}
    assert all(set(columns) == {"20", "200"} for columns in measured["sections"].values())
    assert {"init", "add", "first snapshot", "status", "diff", "history"} <= set(measured["sections"]["local-files"]["20"])
    assert "local-files, 20 files: first snapshot" in second.stdout
    assert "git-subdirectory, 20 files" not in second.stdout.split("Against")[1]
