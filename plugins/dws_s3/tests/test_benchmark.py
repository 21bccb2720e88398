"""The benchmark's part with buckets measures what it says."""

import os
from pathlib import Path

import pytest

from benchmarks.s3 import PUSH, SECTION
from benchmarks.s3.section import measure
from benchmarks.s3.stage import Bench
from benchmarks.targets import outcomes
from tests.servers.s3 import NEEDED, find_weed


def test_a_push_to_a_bucket_is_measured_on_a_server_of_its_own(tmp_path: Path) -> None:
    """Nothing stays of it; without the peer its target is not judged, and the peer is named."""
    if find_weed() is None:
        pytest.skip(NEEDED)
    bench = Bench(tmp_path, os.environ["PATH"], 60, True, lambda _: None)

    measured = measure(bench)

    assert {"seconds", "cpu", "peak", "written"} == set(measured["dws"][PUSH])
    assert ("rclone" in measured) == (bench.rclone is not None)
    assert [*tmp_path.iterdir()] == []
    (alone,) = (
        each for each in outcomes({SECTION: {"dws": measured["dws"]}}, reflinks=False) if PUSH in each["row"] and each["ours"]
    )
    assert (alone["verdict"], alone["missing"]) == ("not measured", ["rclone"])
