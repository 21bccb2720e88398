"""Several commands at once: each is done whole, one after the other, and nothing of anybody's is split or lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dws_core.cli.edge import run

DWS = str(Path(sys.executable).with_name("dws"))
COUNT = 8


def dws(directory: Path, *arguments: str) -> str:
    return subprocess.run([DWS, *arguments], cwd=directory, check=True, capture_output=True, text=True).stdout


@pytest.fixture(params=["git", "plain"])
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    root = tmp_path / "workspace"
    root.mkdir()
    dws(root, "init", "--backend", request.param, "--create-resources", "code,results", "--hostname", "here")
    (root / "code" / "a.py").write_text("a")
    return root


def test_eight_that_snapshot_at_once_give_eight_snapshots(workspace: Path) -> None:
    """Failure 5 of the predecessor: results were split, and one of two died."""
    for number in range(COUNT):
        (workspace / "results" / f"r{number}.txt").write_text(str(number))

    running = [
        subprocess.Popen(
            [DWS, "snapshot", f"T{number}"], cwd=workspace, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for number in range(COUNT)
    ]
    said = [each.communicate()[1] for each in running]

    assert [each.returncode for each in running] == [0] * COUNT, said
    history = json.loads(dws(workspace, "--json", "report", "history"))
    assert sorted(row["Tags"] for row in history["tables"][0]["rows"]) == sorted(f"T{number}" for number in range(COUNT))
    moved = sorted((workspace / "results" / "snapshots").rglob("r*.txt"))
    assert [path.name for path in moved] == [f"r{number}.txt" for number in range(COUNT)]
    assert len({path.parent for path in moved}) == 1
    states = json.loads(dws(workspace, "--json", "status"))["tables"][0]["rows"]
    assert {row["State"] for row in states} == {"unchanged"}


def test_reports_never_wait(workspace: Path) -> None:
    """A report reads what is recorded while a command that changes something holds the lock."""
    dws(workspace, "snapshot", "V1")
    hold = (
        "import sys\nfrom pathlib import Path\nfrom dws_core.journal import locked\n"
        "with locked(Path('.dataworkspace/local/lock'), 'a test', print):\n    print(flush=True)\n    sys.stdin.read()\n"
    )

    with subprocess.Popen(
        [sys.executable, "-c", hold], cwd=workspace, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        reports = [
            dws(workspace, *line) for line in (["status"], ["report", "history"], ["report", "lineage"], ["report", "status"])
        ]
        holder.communicate()

    assert all(reports)


def test_readers_meet_no_gap_while_what_nobody_needs_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eight commands that only read go on while packs are taken away and made anew under them."""
    root = tmp_path / "workspace"
    (root / "data").mkdir(parents=True)
    monkeypatch.chdir(root)
    assert run(["init", "--backend", "plain", "--hostname", "here"]) == 0
    assert run(["add", "local-files", "--role", "source-data", "data"]) == 0
    lines = [["diff", "T0", "T1"], ["diff", "T1", "T16"], ["status"], ["restore", "--dry-run", "T0"], ["verify"]]
    reading = (
        "import os, sys\nfrom dws_core.cli.edge import run\nprint(flush=True)\n"
        "sys.stdout = open(f'../{os.getpid()}.said', 'w')\n"
        f"sys.exit(max(run(['--quiet', *line]) for _ in range(12) for line in {lines!r}))"
    )
    readers: list[subprocess.Popen[str]] = []

    merged = count = 0
    while not readers or (count < 17 * 8 and any(reader.poll() is None for reader in readers)):
        for _ in range(17):
            for file in range(20):
                (root / "data" / f"{file}.txt").write_text(f"{count} {file}")
            assert run(["snapshot", f"T{count}"]) == 0
            if count > 17 and count % 2:
                assert run(["delete-snapshot", f"T{count}"]) == 0
            count += 1
        if not readers:
            command = [sys.executable, "-c", reading]
            for _ in range(COUNT):
                readers.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
            assert all(reader.stdout and reader.stdout.readline() for reader in readers)
        capsys.readouterr()
        assert run(["--json", "gc"]) == 0
        merged += json.loads(capsys.readouterr().out)["packs_merged"]
    said = [reader.communicate()[1] + (tmp_path / f"{reader.pid}.said").read_text()[-500:] for reader in readers]

    assert [reader.returncode for reader in readers] == [0] * COUNT, said
    assert merged > 16
