"""Writers at work on a real server while a bucket is listed: what is listed is how it was at one moment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from dws_s3.listing import list_current
from plugins.dws_s3.tests.buckets import Bucket, make
from tests.servers.s3 import S3

PAIRS = 3


@contextmanager
def writing(s3: S3, bucket: Bucket) -> Iterator[None]:
    """Let each of several writers write first one object of its pair, then the other, and count up."""
    stop = threading.Event()
    failed: list[Exception] = []

    def write(number: int, client: Any) -> None:
        try:
            count = 0
            while not stop.is_set():
                count += 1
                for key in (f"{number}-first/{number}", f"last/{number}.csv"):
                    client.put_object(Bucket=bucket.name, Key=key, Body=b"x" * count)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number, s3.client())) for number in range(PAIRS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failed == []


def test_pairs_that_are_written_one_after_the_other_are_listed_as_they_were_at_one_moment(s3: S3, tmp_path: Path) -> None:
    """In every listing the first of a pair has as many bytes as the second, or one more: its writer was between the two.

    The moment is one for all: what one listing shows of any writer, the next one never takes back.
    """
    bucket = make(s3)
    bucket.put_many(f"between/{number % 20}/{number}" for number in range(400))
    sizes: list[dict[bytes, int]] = []

    with writing(s3, bucket):
        for _ in range(3):
            with list_current(bucket.client, bucket.name, b"", tmp_path, skew=0) as listing:
                sizes.append({row.key: row.size for row in listing})
                assert listing.changed_meanwhile.count > 0
                assert listing.overwritten.count == 0

    for found in sizes:
        assert {key for key in found if key.startswith(b"between/")} == set(bucket.current)
        for number in range(PAIRS):
            first, second = (found.get(key, 0) for key in (b"%d-first/%d" % (number, number), b"last/%d.csv" % number))
            assert first - second in (0, 1)
    assert all(before[key] <= after[key] for before, after in pairwise(sizes) for key in before)
