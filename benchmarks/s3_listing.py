"""What a snapshot of a bucket costs: listing it, keeping the manifest and comparing it, beside plain paging with boto3."""

import argparse
import hashlib
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clock import Figure
from dws_core.plugin import Context
from dws_core.testing import make_context
from dws_s3.comparing import compare
from dws_s3.listed import KEEP, TABLES
from dws_s3.listing import list_current
from dws_s3.manifest import BucketManifest, written
from dws_s3.rows import Row
from dws_s3.spool import Spool
from tests.servers.s3 import S3, running_s3

FLAT = "one directory"
DIRECTORIES = "1,000 directories"
PLAIN = "list_object_versions, all pages"
SNAPSHOT = "snapshot: list, keep the manifest"
TARGET = 1.3
"""How many times plain paging a snapshot may take."""

_THREADS = 8
_EACH = 500
_SETTLED = 4.0
"""Seconds after which a listing need not wait any more for those in which something was written."""


@dataclass(frozen=True)
class Filled:
    """A bucket with so many objects, and a client to list it with."""

    client: Any
    bucket: str
    count: int

    def plain(self) -> int:
        """Page through all versions as boto3 does, and count them."""
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        return sum(len(page.get("Versions", [])) for page in pages)

    def snapshot(self, context: Context) -> BucketManifest:
        """List what is current, and store its manifest."""
        with list_current(self.client, self.bucket, b"", context.private) as listing:
            rows = (Row(each.key, each.version, each.size, each.etag) for each in listing)
            with written(rows, context.private, self.bucket, b"") as directory:
                return BucketManifest(context.objects, context.objects.store(directory))


def fill(s3: S3, layout: str, count: int) -> Filled:
    """Make a bucket of small objects: in one directory, or in a thousand."""
    filled = Filled(s3.client(), s3.make_bucket(), count)

    def put(first: int) -> None:
        for number in range(first, min(first + _EACH, count)):
            name = f"data/{number:07}.bin" if layout == FLAT else f"data/{number % 1000:03}/{number:07}.bin"
            filled.client.put_object(Bucket=filled.bucket, Key=name, Body=b"%d" % number)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(put, range(0, count, _EACH)))
    time.sleep(_SETTLED)
    return filled


def measure(filled: Filled, directory: Path, rounds: int = 3) -> dict[str, Figure]:
    """Measure plain paging and a snapshot in turn, since a machine is not always as fast; of each, the best of some rounds."""
    figures: dict[str, list[Figure]] = {PLAIN: [], SNAPSHOT: []}
    for number in range(rounds):
        with _timed(figures[PLAIN]):
            counted = filled.plain()
        with _timed(figures[SNAPSHOT]):
            manifest = filled.snapshot(make_context(directory / str(number)))
        assert counted == manifest.count == filled.count
    return {name: min(each, key=lambda figure: figure["seconds"]) for name, each in figures.items()}


def measure_rows(count: int, directory: Path) -> dict[str, Figure]:
    """Measure what is done with the rows of a listing, without a server: sort them, keep them, read them, compare them."""
    context = make_context(directory)
    figures: dict[str, list[Figure]] = {name: [] for name in ("sort and keep", "with a thousandth changed", "read", "compare")}
    with _timed(figures["sort and keep"]):
        old = _kept(context, count, "1")
    with _timed(figures["with a thousandth changed"]):
        new = _kept(context, count, "2")
    with _timed(figures["read"]):
        assert sum(1 for _ in new.rows()) == count
    with _timed(figures["compare"]):
        assert sum(1 for _ in compare(old, new)) == len(range(0, count, 1000))
    return {name: each[0] for name, each in figures.items()}


def main() -> None:
    """Fill buckets on a server, measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=100_000, help="how many objects a bucket has")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many rows are sorted, kept and compared")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dws-bench-") as top:
        directory = Path(top)
        rows = measure_rows(given.rows, directory / "rows")
        print(json.dumps({f"{given.rows:,} rows": rows}, indent=2), flush=True)
        (directory / "s3").mkdir()
        with running_s3(directory / "s3") as s3:
            for layout in (FLAT, DIRECTORIES):
                found = measure(fill(s3, layout, given.keys), directory / layout, given.rounds)
                ratio = found[SNAPSHOT]["seconds"] / found[PLAIN]["seconds"]
                print(
                    json.dumps({f"{given.keys:,} keys, {layout}": found, "ratio": ratio, "target": TARGET}, indent=2), flush=True
                )


def _kept(context: Context, count: int, version: str) -> BucketManifest:
    """Keep rows that come in any order, of which every thousandth has a version of its own."""
    with Spool(context.private, *TABLES) as spool:
        for first in range(0, count, 1000):
            spool.add(KEEP, (_row(number, version) for number in range(first, min(first + 1000, count))))
        rows = (Row(*each) for each in spool.rows("SELECT key, version, size, etag FROM current ORDER BY key"))
        with written(rows, context.private, "bucket", b"") as directory:
            return BucketManifest(context.objects, context.objects.store(directory))


def _row(number: int, version: str) -> tuple[bytes, str, int, str, str]:
    name = hashlib.md5(b"%d" % number).hexdigest()
    return f"data/{name[:2]}/{name}.bin".encode(), (version if number % 1000 == 0 else "0") * 32, number, f"{name}-2", ""


@contextmanager
def _timed(figures: list[Figure]) -> Iterator[None]:
    """Add what something costs this process; the peak is that of all so far."""
    start, before = time.perf_counter(), os.times()
    yield
    seconds, after = time.perf_counter() - start, os.times()
    cpu = after.user + after.system - before.user - before.system
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    figures.append({"seconds": seconds, "cpu": cpu, "peak": peak})


if __name__ == "__main__":
    main()
