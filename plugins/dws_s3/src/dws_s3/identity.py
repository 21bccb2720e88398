"""The id of the version of one file or directory in a bucket: of all that lies there, and of nothing else."""

import hashlib
from collections.abc import Iterable

from dws_s3.rows import Row, line_of


def identity_of(path: str, rows: Iterable[tuple[str, Row]]) -> str:
    """Work it out from those of the paths and rows, in order, that lie at the path or below; FileNotFoundError if none do."""
    digest, count = hashlib.sha256(), 0
    for place, row in rows:
        if place == path:
            return hashlib.sha256(line_of(row._replace(checksum=None))).hexdigest()
        if not path or place.startswith(f"{path}/"):
            digest.update(line_of(row._replace(checksum=None)) + b"\n")
            count += 1
    if not count and path:
        raise FileNotFoundError(path)
    return digest.hexdigest()
