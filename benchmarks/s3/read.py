"""Reading one large file of a bucket through `dws://`, beside boto3's own download of it."""

import sys
from collections.abc import Iterator

from benchmarks.life import Row
from benchmarks.s3 import READ
from benchmarks.s3.stage import Bench, OneRun

_WHOLE, _QUICK = 1024, 24
_MIB = 1024 * 1024
_OURS = """
import shutil, sys, fsspec
with fsspec.open("dws://big/large.bin") as read, open(sys.argv[1], "wb") as written:
    shutil.copyfileobj(read, written, 1024 * 1024)
"""
_BOTO3 = """
import sys, boto3
boto3.client("s3").download_file(sys.argv[2], "large.bin", sys.argv[1])
"""


def read(bench: Bench) -> Iterator[Row]:
    """Measure both in turn, from one server; what is written is the same file."""
    with bench.run() as run:
        bucket = run.server.make_bucket()
        _upload(run, bucket, _QUICK if bench.quick else _WHOLE)
        run.dws("init")
        run.dws("add", "s3", "--role=source-data", "--name=big", bucket)
        for number in range(bench.repeats):
            bench.tell(f"reading from a bucket, run {number + 1}")
            yield Row("boto3", READ, run.command(sys.executable, "-c", _BOTO3, "../theirs", bucket))
            yield Row(run.program.name, READ, run.command(sys.executable, "-c", _OURS, "../ours"))


def _upload(run: OneRun, bucket: str, size: int) -> None:
    """Make a file of so many MiB that no two parts of are alike, and let the server have it."""
    place = run.program.stage.workspace.with_name("large.bin")
    with place.open("wb") as file:
        for number in range(size):
            file.write(number.to_bytes(8, "big") * (_MIB // 8))
    run.server.client().upload_file(str(place), bucket, "large.bin")
    place.unlink()
    run.settle()
