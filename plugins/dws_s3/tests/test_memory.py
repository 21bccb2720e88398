"""Memory stays bounded, however many keys there are."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

# A process of its own, whose address space is limited once everything is imported.
PROGRAM = """
import hashlib, resource, sys
from pathlib import Path

from dws_core.testing import make_context
from dws_s3.comparing import compare
from dws_s3.listed import KEEP, TABLES
from dws_s3.manifest import BucketManifest, written
from dws_s3.rows import Row
from dws_s3.spool import Spool

count, room = 200_000, 80 << 20
context = make_context(Path(sys.argv[1]))
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + room, used + room))


def page(first, version):
    for number in range(first, first + 1000):
        name = hashlib.md5(b"%d" % number).hexdigest()
        this = version if number % 1000 == 0 else "0" * 32
        yield f"data/{name[:2]}/{name}.bin".encode(), this, number, f"{name}-2", "2026-11-26T22:26:43Z"


def manifest(version):
    with Spool(context.private, *TABLES) as spool:
        for first in range(0, count, 1000):
            spool.add(KEEP, page(first, version))
        rows = (Row(*each) for each in spool.rows("SELECT key, version, size, etag FROM current ORDER BY key"))
        with written(rows, context.private, "bucket", b"") as directory:
            return BucketManifest(context.objects, context.objects.store(directory))


old, new = manifest("1" * 32), manifest("2" * 32)
print(old.count, sum(1 for _ in new.rows()), sum(1 for _ in compare(old, new)))
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs proc: a Linux machine, to know what a process has")
def test_two_hundred_thousand_rows_need_little_memory(tmp_path: Path) -> None:
    """Sorted, kept as a manifest, read and compared within 80 MiB more than the program itself, of which the cache is 32."""
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY

    done = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.split() == ["200000", "200000", "200"]
