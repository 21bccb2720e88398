"""What is particular to plain directories; the contract itself is tested by the suite."""

import shutil
from pathlib import Path

import pytest

from dws_core.builtin.local_files.resource_type import LocalFiles
from dws_core.builtin.local_files.settings import LocalFilesSettings
from dws_core.errors import PathMissingError, PathRefusedError
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.testing.context import make_context


@pytest.fixture
def data(tmp_path: Path) -> LocalFiles:
    """A plain directory with two files, as a resource."""
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "a.csv").write_bytes(b"content")
    (tmp_path / "data" / "deep" / "b.csv").write_bytes(b"b")
    resource = Resource("data", Role.SOURCE_DATA, "local-files", "dws-core", {"local_path": "data"}, "2026-01-01T00:00:00Z")
    return LocalFiles(resource, LocalFilesSettings("data"), make_context(tmp_path))


@pytest.mark.parametrize("path", ["nothing", "file"])
def test_only_a_directory_that_exists_is_proposed(tmp_path: Path, path: str) -> None:
    """`dws add` names a path that does not exist or is no directory."""
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(PathMissingError, match=path):
        LocalFiles.propose(LocalFilesSettings(path), Role.SOURCE_DATA, tmp_path)


def test_the_name_suggested_is_that_of_the_directory(tmp_path: Path) -> None:
    """Inside and outside of the workspace alike."""
    (tmp_path / "workspace").mkdir()
    (tmp_path / "outside").mkdir()

    proposal = LocalFiles.propose(LocalFilesSettings(str(tmp_path / "outside")), Role.SOURCE_DATA, tmp_path / "workspace")

    assert (proposal.name, proposal.local_path) == ("outside", tmp_path / "outside")


def test_the_version_of_a_file_is_the_hash_of_its_content(data: LocalFiles) -> None:
    """Lineage names a file by its SHA-256, wherever it lies."""
    assert data.current("a.csv").id == "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
    assert data.current("deep") != data.current()
    with pytest.raises(FileNotFoundError):
        data.current("deep/nothing")
    with pytest.raises(PathRefusedError):
        data.current("../outside")


def test_a_directory_that_vanished_is_named(data: LocalFiles) -> None:
    """Whatever is asked of a resource whose directory is gone, the answer names the directory."""
    version = data.snapshot()
    shutil.rmtree(data.local_path)

    for ask in (data.check, data.current, data.snapshot, lambda: data.changes_since(version), lambda: data.current("a.csv")):
        with pytest.raises(PathMissingError, match="data"):
            ask()
    data.restore(version)
    assert (data.local_path / "deep" / "b.csv").read_bytes() == b"b"
