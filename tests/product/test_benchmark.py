"""The benchmark measures what it says."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.targets import outcomes

TOP = Path(__file__).parents[2]


def _benchmark(directory: Path, kept: Path, *options: str) -> str:
    """Run the benchmark on a machine that has git and none of its other peers."""
    programs = directory / "bin"
    if not programs.exists():
        programs.mkdir(parents=True)
        for name in ("git", "cp", "diff", "stat", "sync"):
            (programs / name).symlink_to(str(shutil.which(name)))
    command = [sys.executable, "-m", "benchmarks.run", "--quick", f"--directory={directory}", f"--keep={kept}", *options]
    environment = {name: value for name, value in os.environ.items() if name != "DWS_BENCH_PEERS"} | {"PATH": str(programs)}
    return subprocess.run(command, cwd=TOP, env=environment, check=True, capture_output=True, text=True).stdout


def test_the_benchmark_measures_every_set_names_absent_peers_and_compares_two_runs(tmp_path: Path) -> None:
    """One run keeps its numbers for each set, program and operation, and judges the targets; another is compared with it."""
    kept = tmp_path / "kept.json"

    _benchmark(tmp_path, kept, "--sizes=20")
    alone = ("--sets=tiny", "--sizes=", "--shared=", "--peers=")
    second = _benchmark(tmp_path, tmp_path / "again.json", *alone, f"--against={kept}")

    measured = json.loads(kept.read_text(encoding="utf-8"))
    sections = measured["sections"]
    shared = {f"sharing: {name}" for name in ("tiny", "small", "medium", "large")}
    assert {"start-up", "history", "tiny", "small", "medium", "large", "files: 20"} | shared == set(sections)
    for name in shared:
        assert {"push", "clone", "pull, nothing new", "any"} == set(sections[name]["dws"])
        assert {"cp -r of the objects", "cp -r of the objects and the files"} < set(sections[name]["machine"])
    assert {"machine", "local-files", "git-subdirectory"} == set(sections["files: 20"])
    for name in ("tiny", "small", "medium", "large"):
        assert {"machine", "dws", "git"} == set(sections[name])
        assert {"scandir and stat", "read", "read and sha256", "cp -r", "changed files"} < set(sections[name]["machine"])
        operations = {"first snapshot", "unchanged snapshot", "status", "snapshot, 1 % changed", "restore, 1 % differs"}
        assert operations | {"restore everything", "store", "any"} == set(sections[name]["dws"]) == set(sections[name]["git"])
        assert {"seconds", "cpu", "peak", "written"} == set(sections[name]["dws"]["first snapshot"])
    assert measured["peers"]["borg"] == "skipped: borg not found"
    verdicts = {(each["row"], each["rule"]): (each["verdict"], each["missing"]) for each in measured["targets"]}
    assert verdicts["snapshot, 1 % changed, one of 2 GiB", "0.25 × borg's"] == ("not measured", ["borg"])
    assert verdicts["restore everything, 100,000 × 1 KiB", "0.7 × git clone"][0] in ("met", "NOT met")
    assert verdicts["push, 100,000 × 1 KiB", "1.5 × lasting cp -r of packs + idle pull"][0] in ("met", "NOT met")
    assert "tiny, dws: first snapshot, seconds" in second.split("Against")[1]
    assert "medium, dws" not in second.split("Against")[1]


def test_a_target_is_met_or_not_or_not_measured_and_says_for_want_of_what() -> None:
    """A target is the ratio of two numbers of one run; where one of two peers is missing, the other counts, and that is said."""
    sections = {
        "tiny": {"dws": {"first snapshot": {"seconds": 3.0}}, "restic": {"first snapshot": {"seconds": 7.0}}},
        "medium": {"dws": {"first snapshot": {"seconds": 6.0}}, "machine": {"cp -r": {"seconds": 4.0}}},
    }

    judged = {(each["row"], each["rule"]): each for each in outcomes(sections, reflinks=False)}

    tiny = judged["first snapshot, 100,000 × 1 KiB", "0.5 × the faster of restic and borg"]
    assert (tiny["verdict"], tiny["allowed"], tiny["missing"]) == ("met", 3.5, ["borg"])
    medium = judged["first snapshot, 2,000 × 1 MiB", "1.2 × cp -r"]
    assert (medium["verdict"], medium["ratio"], medium["missing"]) == ("NOT met", 6.0 / (1.2 * 4.0), [])
    large = judged["first snapshot, one of 2 GiB", "1.3 × cp of it"]
    assert (large["verdict"], large["ratio"], large["missing"]) == ("not measured", None, ["large"])
