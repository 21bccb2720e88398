"""What it costs to start the command, beside the libraries that any such command imports."""

import statistics
import sys
from pathlib import Path

from benchmarks.clock import seconds_of

DWS = str(Path(sys.executable).with_name("dws"))
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import click, pluggy": [sys.executable, "-c", "import click, pluggy"],
    "dws --help": [DWS, "--help"],
    "dws --version": [DWS, "--version"],
    "dws status --help": [DWS, "status", "--help"],
}
YARDSTICK = "import click, pluggy"


def startup(rounds: int) -> dict[str, float]:
    """Measure each command, in seconds: the median of rounds in which each runs once, so that noise falls on all alike."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(seconds_of(command, Path.cwd()))
    return {name: statistics.median(each) for name, each in times.items()}
