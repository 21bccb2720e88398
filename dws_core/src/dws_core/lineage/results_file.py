"""The results file of a step, `results.json`."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from dws_core.journal import write_whole
from dws_core.lineage.plain import plain_metrics
from dws_core.model.codec import Json
from dws_core.model.step import Step

NAME = "results.json"


def write_results_file(directory: Path, step: Step, duration: float, metrics: Mapping[str, object]) -> Path:
    """Write what a step achieved, whole or not at all; `duration` in seconds. FileAccessError names the file."""
    start = datetime.fromisoformat(step.start).astimezone().replace(tzinfo=None)
    content: dict[str, Json] = {
        "step": step.name,
        "start_time": start.isoformat(),
        "execution_time_seconds": round(duration, 2),
        "parameters": dict(step.parameters),
        "run_description": step.run_description,
        "metrics": plain_metrics(metrics),
    }
    path = directory / NAME
    write_whole(path, (json.dumps(content, indent=2, allow_nan=False) + "\n").encode())
    return path
