"""What failed in the tool that this one follows: each failure, played on both backends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.product.people import Person

DWS = str(Path(sys.executable).with_name("dws"))


def dws(directory: Path, *arguments: str) -> str:
    return Person(directory).dws(*arguments)


@pytest.fixture(params=["git", "plain"])
def root(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A workspace with code and results, and a directory of data that the workspace itself keeps."""
    root = tmp_path / "workspace"
    (root / "data").mkdir(parents=True)
    dws(root, "init", "--backend", request.param, "--create-resources", "code,results", "--hostname", "here")
    dws(root, "add", "local-files", "--role", "source-data", "data")
    return root


@pytest.mark.parametrize("place", ["code", "data"])
def test_an_edit_of_equal_size_is_seen_and_taken_back(root: Path, place: str) -> None:
    """Failure 1: sizes alone were compared, and restore did nothing. Here the time is the same as well."""
    file = root / place / "a.bin"
    file.write_bytes(b"\0one")
    dws(root, "snapshot", "V1")
    status = file.stat()
    file.write_bytes(b"\0two")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert Person(root).states()[place] == "changed"
    dws(root, "restore", "V1")

    assert file.read_bytes() == b"\0one"


def test_changed_binary_files_are_restored(root: Path) -> None:
    """Failure 2: a patch without binary data left resources restored by half."""
    names = [f"{place}/{name}" for place in ("code", "data") for name in ("a.bin", "b.txt", "c.bin")]
    for name in names:
        (root / name).write_bytes(b"\0\xff first" + name.encode())
    dws(root, "snapshot", "V1")
    for name in names:
        (root / name).write_bytes(b"\0\xfe second, and longer" + name.encode())

    dws(root, "restore", "V1")

    assert [(root / name).read_bytes() for name in names] == [b"\0\xff first" + name.encode() for name in names]


def test_killed_while_it_snapshots_it_loses_and_splits_nothing(root: Path) -> None:
    """Failure 4: results lay in a directory of a snapshot that was never recorded, and a retry failed for ever."""
    names = [f"r{number}.txt" for number in range(60)]
    for delay in (0.1, 0.2, 0.3, 0.5):
        for name in names:
            (root / "results" / name).write_text(f"{delay} {name}")
        running = subprocess.Popen([DWS, "snapshot", f"K{delay}"], cwd=root, start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()

        dws(root, "snapshot", f"after-{delay}")

        held: dict[str, list[Path]] = {name: [] for name in names}
        for path in (root / "results").rglob("r*.txt"):
            if path.read_text() == f"{delay} {path.name}":
                held[path.name].append(path.parent)
        assert {len(places) for places in held.values()} == {1}
        assert len({places[0] for places in held.values()}) == 1
        recorded = json.loads(dws(root, "--json", "report", "history"))["tables"][0]["rows"]
        assert held["r0.txt"][0].name.removeprefix("here-") in [row["Tags"] for row in recorded]


def test_files_of_one_name_in_nested_directories_all_move(root: Path) -> None:
    """Failure 7: of `a/g.txt` and `a/b/g.txt` one survived the move."""
    for name in ("g.txt", "a/g.txt", "a/b/g.txt", "b/a/g.txt"):
        (root / "results" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "results" / name).write_text(name)

    dws(root, "snapshot", "V1")

    moved = root / "results" / "snapshots" / "here-V1"
    assert {str(path.relative_to(moved)): path.read_text() for path in moved.rglob("g.txt")} == {
        name: name for name in ("g.txt", "a/g.txt", "a/b/g.txt", "b/a/g.txt")
    }


def test_older_snapshots_stay_where_they_are_and_numbers_are_used_once(root: Path) -> None:
    """Failure 8: a change of the template moved all older directories; a number was used again after delete-snapshot."""
    (root / "results" / "r.txt").write_text("1")
    dws(root, "snapshot")
    dws(root, "config", "results_dir_template", "kept/{HOSTNAME}-{TAG}")
    (root / "results" / "r.txt").write_text("2")
    dws(root, "snapshot")
    newest = json.loads(dws(root, "--json", "report", "history"))["snapshots"][-1]["id"]
    dws(root, "delete-snapshot", newest)
    (root / "results" / "r.txt").write_text("3")
    dws(root, "snapshot")

    found = {str(path.relative_to(root / "results").parent): path.read_text() for path in (root / "results").rglob("r.txt")}
    assert sorted(found.values()) == ["1", "2", "3"]
    assert len(found) == 3
    assert [place.split("/")[0] for place in sorted(found, key=lambda each: found[each])] == ["snapshots", "kept", "kept"]


def test_ordinary_input_is_no_reason_to_fail(root: Path) -> None:
    """Failure 10: names that are not ASCII, what git ignores, broken symlinks, empty directories, a hook that fails, odd tags."""
    if (root / ".git").exists():
        hook = root / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
    (root / ".gitignore").write_text("*.log\n")
    for place in ("code", "data", "results"):
        (root / place / "überraschung ☃.txt").write_text(place)
        (root / place / "gone").symlink_to("nowhere")
        (root / place / "empty").mkdir()
    (root / "results" / "run.log").write_text("ignored by git, and a result")

    for tag in ("decade", "20240101", "with_underscore", "a.b-c"):
        dws(root, "snapshot", tag)
    (root / "data" / "überraschung ☃.txt").write_text("changed")
    (root / "data" / "gone").unlink()
    (root / "data" / "empty").rmdir()
    dws(root, "restore", "decade")

    assert (root / "results" / "snapshots" / "here-decade" / "run.log").read_text() == "ignored by git, and a result"
    assert (root / "data" / "überraschung ☃.txt").read_text() == "data"
    assert (root / "data" / "gone").is_symlink()
    assert (root / "data" / "empty").is_dir()


def test_a_damaged_record_is_named_and_other_commands_go_on(root: Path) -> None:
    """Failure 10: a metadata file that was damaged gave a traceback."""
    dws(root, "snapshot", "V1")
    (record,) = (root / ".dataworkspace" / "snapshots").iterdir()
    record.write_bytes(record.read_bytes().replace(b"V1", b"V2"))

    told = subprocess.run([DWS, "report", "history"], cwd=root, capture_output=True, text=True, check=False)

    assert told.returncode == 1
    assert record.name in told.stderr
    assert "Traceback" not in told.stderr
    dws(root, "report", "status")


@pytest.mark.parametrize("verb", [["snapshot", "MANY"], ["status"]])
def test_many_files_cost_no_process_each(root: Path, tmp_path: Path, verb: list[str]) -> None:
    """Failure 13: one git process a file. However many files there are, as many processes are started."""
    counts = []
    for number in (3, 300):
        for index in range(number):
            (root / "results" / f"r{number}-{index}.txt").write_text(str(index))
            (root / "code" / f"c{number}-{index}.py").write_text(str(index))
        counts.append(_processes(root, tmp_path, [*verb[:1], *(f"{word}{number}" for word in verb[1:])]))

    assert counts[1] <= counts[0] + 2


def _processes(root: Path, scratch: Path, line: list[str]) -> int:
    """Count the processes that a command starts."""
    count = scratch / "count"
    script = (
        "import sys\nfrom dws_core.cli.edge import run\nstarted = [0]\n"
        "def hear(event, arguments):\n    started[0] += event in ('subprocess.Popen', 'os.posix_spawn', 'os.fork')\n"
        "sys.addaudithook(hear)\nstatus = run(sys.argv[2:])\nopen(sys.argv[1], 'w').write(str(started[0]))\nsys.exit(status)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(count), "--batch", *line], cwd=root, check=True, capture_output=True)
    return int(count.read_text())
