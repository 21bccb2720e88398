"""What it costs to work with buckets, on an S3 server that is started for it on this machine."""

from benchmarks.sets import MEDIUM, SETS

SECTION = "s3"
PUSH = f"push, {SETS[MEDIUM].title}"
READ = "read one file of 1 GiB"
