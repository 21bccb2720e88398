"""The manifest of a bucket below a prefix: which version each key has."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from dws_core.plugin import Objects
from dws_core.plugin.chunks import written as written_rows
from dws_core.plugin.manifest import Manifest
from dws_core.plugin.rows import key_of, text_of
from dws_s3.rows import FORM, Row


class BucketManifest(Manifest[Row]):
    """One of the object store, by the id of its tree; it knows whose it is."""

    def __init__(self, objects: Objects, tree: str) -> None:
        super().__init__(objects, tree, FORM)

    @property
    def bucket(self) -> str:
        return self.head["bucket"]

    @property
    def prefix(self) -> bytes:
        return key_of(self.head["prefix"])


def written(rows: Iterable[Row], private: Path, bucket: str, prefix: bytes) -> AbstractContextManager[Path]:
    """Write one into a directory below `private`, to be stored or scanned, and remove it afterwards."""
    return written_rows(rows, FORM, private, {"bucket": bucket, "prefix": text_of(prefix)})
