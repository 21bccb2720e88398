"""What it costs to start the command, beside the libraries that any such command imports."""

import shutil
import sys
from pathlib import Path

from benchmarks.clock import Figure, cost_of, middle
from benchmarks.programs.dws import DWS

SECTION = "start-up"
YARDSTICK = 'python -c "import click, pluggy"'
HELP = "dws --help"
DVC_HELP = "dvc --help"


def startup(rounds: int, path: str) -> dict[str, dict[str, Figure]]:
    """Measure each command, by program: the median of rounds in which each runs once, so that noise falls on all alike."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        YARDSTICK: [sys.executable, "-c", "import click, pluggy"],
        HELP: [DWS, "--help"],
        "dws --version": [DWS, "--version"],
        "dws status --help": [DWS, "status", "--help"],
    }
    if dvc := shutil.which("dvc", path=path):
        commands[DVC_HELP] = [dvc, "--help"]
    runs: dict[str, list[Figure]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(cost_of(command, Path.cwd()))
    measured: dict[str, dict[str, Figure]] = {}
    for name, each in runs.items():
        measured.setdefault(name.split()[0], {})[name] = middle(each)
    return measured
