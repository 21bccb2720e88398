"""The results file of a step, `results.json`."""

import hashlib
import io
import json
from collections.abc import Mapping
from datetime import datetime

from dws_core.errors import FileAccessError
from dws_core.lineage.plain import plain_metrics
from dws_core.model.codec import Json
from dws_core.model.step import Step
from dws_core.plugin.files import Files

NAME = "results.json"


def write_results_file(
    files: Files, directory: str, step: Step, duration: float, metrics: Mapping[str, object]
) -> dict[str, Json]:
    """Write what a step achieved to a directory of a resource, whole or not at all; `duration` in seconds.

    Answers the file's name and the SHA-256 of its bytes, as a step records them. FileAccessError names the file.
    """
    start = datetime.fromisoformat(step.start).astimezone().replace(tzinfo=None)
    described: dict[str, Json] = {
        "step": step.name,
        "start_time": start.isoformat(),
        "execution_time_seconds": round(duration, 2),
        "parameters": dict(step.parameters),
        "run_description": step.run_description,
        "metrics": plain_metrics(metrics),
    }
    content = (json.dumps(described, indent=2, allow_nan=False) + "\n").encode()
    path = f"{directory}/{NAME}" if directory else NAME
    try:
        files.write(path, io.BytesIO(content))
    except OSError as error:
        raise FileAccessError(f"{files.resource}:{path}", error) from error
    return {"name": path, "sha256": hashlib.sha256(content).hexdigest()}
