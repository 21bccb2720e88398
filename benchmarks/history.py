"""What a long history costs: `dws report history` with thousands of snapshots."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.clock import Figure, cost_of, middle
from benchmarks.programs.dws import DWS
from benchmarks.programs.program import Stage
from dws_core.model.codec import dump, record_id
from dws_core.model.snapshot import Snapshot
from dws_core.model.version import Version

FIRST_LOOK = "report history, first look"
HISTORY = "report history"
_REPEATS = 3


def history(count: int, top: Path) -> dict[str, Figure]:
    """Measure the report where the records are new to this clone, and where it has seen them."""
    stage = Stage(top)
    stage.workspace.mkdir(parents=True)
    cost_of([DWS, "init"], stage.workspace)
    _write(count, stage.workspace / ".dataworkspace" / "snapshots")
    os.sync()
    command = [DWS, "report", "history"]
    first = cost_of(command, stage.workspace)
    return {FIRST_LOOK: first, HISTORY: middle([cost_of(command, stage.workspace) for _ in range(_REPEATS)])}


def _write(count: int, records: Path) -> None:
    """Write what so many snapshots of one resource would have written, without taking them."""
    records.mkdir(exist_ok=True)
    start, resource, parent = datetime(2026, 1, 1, tzinfo=UTC), record_id(b"resource"), ""
    for number in range(1, count + 1):
        content = dump(
            Snapshot(
                number=number,
                tags=(f"RUN{number}",),
                message=f"Try learning rate {number / count:.4f}",
                time=(start + timedelta(minutes=number)).isoformat().replace("+00:00", "Z"),
                host="bench",
                user="bench",
                versions={resource: Version(record_id(str(number).encode()))},
                parents=(parent,) if parent else (),
                metrics={"accuracy": number / count, "loss": 1 - number / count, "epochs": number % 20},
            ).to_json()
        )
        parent = record_id(content)
        (records / f"{parent}.json").write_bytes(content)
