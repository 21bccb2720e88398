"""An object store and a directory to keep in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.objects import ObjectStore
from dws_core.testing.context import Silence

Opener = Callable[[], ObjectStore]


class Reading(Silence):
    """Progress that counts the files that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.files = 0

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        self.files += files


@pytest.fixture
def open_store(tmp_path: Path) -> Opener:
    """Open the store as a new command does."""
    return lambda: ObjectStore(tmp_path / "objects", tmp_path / "caches", Silence())


@pytest.fixture
def store(open_store: Opener) -> ObjectStore:
    return open_store()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with a file, an executable, a symlink, an empty directory and files further down."""
    top = tmp_path / "content"
    (top / "deep" / "er").mkdir(parents=True)
    (top / "empty").mkdir()
    (top / "data.csv").write_bytes(b"1,2\n")
    (top / "deep" / "er" / "part.csv").write_bytes(b"3,4\n")
    (top / "middling").write_bytes(bytes(range(256)) * 1024)
    (top / "link").symlink_to("nowhere")
    (top / "tool").write_bytes(b"#!/bin/sh\n")
    (top / "tool").chmod(0o755)
    return top
