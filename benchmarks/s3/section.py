"""Everything that is measured with buckets."""

from collections.abc import Callable, Iterator, Sequence

from benchmarks.clock import Figure
from benchmarks.life import Row
from benchmarks.s3.push import push
from benchmarks.s3.read import read
from benchmarks.s3.stage import Bench
from benchmarks.sets import merged
from tests.servers.s3 import NEEDED, find_weed

PARTS: Sequence[Callable[[Bench], Iterator[Row]]] = (push, read)


def measure(bench: Bench) -> dict[str, dict[str, Figure]]:
    """Measure each part; nothing where there is no server."""
    if find_weed() is None:
        bench.tell(f"skipped: {NEEDED}")
        return {}
    return merged([row for part in PARTS for row in part(bench)])
