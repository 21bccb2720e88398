"""The filesystem of a resource, and of all of them: paths, names, errors."""

import pickle
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest

from dws_core import DwsError, Role, Workspace, filesystem
from dws_core.errors import (
    NotReadableError,
    NotRecordedError,
    NoWorkspaceError,
    PathRefusedError,
    ReadOnlyFilesError,
    UnknownNameError,
)
from dws_core.files import DwsFileSystem
from dws_core.operations.add import add
from dws_core.operations.snapshot import snapshot


def test_a_resource_is_the_root_of_its_filesystem(files: DwsFileSystem) -> None:
    assert files.find("") == ["deep/er.csv", "raw.csv"]
    assert files.glob("**/*.csv") == ["deep/er.csv", "raw.csv"]
    assert [(path, sorted(folders), sorted(names)) for path, folders, names in files.walk("")] == [
        ("", ["deep"], ["raw.csv"]),
        ("deep", [], ["er.csv"]),
    ]
    assert files.ls("deep", detail=False) == ["deep/er.csv"] == files.ls("deep/er.csv", detail=False)
    assert (files.info("deep")["type"], files.info("raw.csv")["type"], files.size("raw.csv")) == ("directory", "file", 2)
    assert files.exists("raw.csv") and not files.exists("nope") and not files.exists("raw.csv/nope")
    assert files.isdir("deep") and not files.isdir("raw.csv") and files.isfile("raw.csv") and not files.isfile("nope")
    assert files.modified("raw.csv").timestamp() == pytest.approx(Path("source-data/raw.csv").stat().st_mtime)
    assert files.unstrip_protocol("deep/er.csv") == "dws://source-data/deep/er.csv"


def test_all_resources_are_below_one_filesystem(workspace: Workspace) -> None:
    everything = fsspec.filesystem("dws")

    assert set(everything.ls("", detail=False)) == {"source-data", "intermediate-data", "code", "results"}
    assert everything.find("dws://source-data") == ["source-data/deep/er.csv", "source-data/raw.csv"]
    assert everything.glob("*/raw.csv") == ["source-data/raw.csv"]
    assert everything.unstrip_protocol("source-data/raw.csv") == "dws://source-data/raw.csv"
    with pytest.raises(IsADirectoryError):
        everything.cat_file("")


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (None, None, b"abcdef"),
        (2, None, b"cdef"),
        (1, 3, b"bc"),
        (-2, None, b"ef"),
        (None, -1, b"abcde"),
        (5, 99, b"f"),
        (3, 2, b""),
    ],
)
def test_a_part_of_a_file_is_read_as_a_slice_is(files: DwsFileSystem, start: int | None, end: int | None, found: bytes) -> None:
    files.pipe_file("letters", b"abcdef")

    assert files.cat_file("letters", start, end) == found


def test_the_name_in_an_url_keeps_its_case(workspace: Workspace) -> None:
    """It is no host, of which upper and lower case count as one."""
    Path("Data_1.X").mkdir()
    Path("Data_1.X/A.csv").write_text("upper\n")
    add(workspace, "local-files", {"local_path": "Data_1.X"}, role=Role.SOURCE_DATA)

    with fsspec.open("dws://Data_1.X/A.csv", "rt") as file:
        assert file.read() == "upper\n"


def test_what_is_written_meanwhile_is_seen(files: DwsFileSystem) -> None:
    """No listing is remembered."""
    before = files.ls("deep", detail=False)

    Path("source-data/deep/new.csv").write_text("3\n")
    Path("source-data/raw.csv").write_text("longer\n")

    assert before == ["deep/er.csv"]
    assert sorted(files.ls("deep", detail=False)) == files.find("deep") == ["deep/er.csv", "deep/new.csv"] == files.glob("deep/*")
    assert (files.size("raw.csv"), files.cat_file("raw.csv")) == (7, b"longer\n")


def test_a_snapshot_is_read_as_it_was_and_never_written(workspace: Workspace, files: DwsFileSystem) -> None:
    snapshot(workspace, "V1")
    files.pipe_file("raw.csv", b"another\n")
    files.rm("deep", recursive=True)
    then = filesystem("source-data", "V1")

    assert (then.cat_file("raw.csv"), then.find("")) == (b"1\n", ["deep/er.csv", "raw.csv"])
    assert then.unstrip_protocol("raw.csv") == "dws://source-data@V1/raw.csv"
    assert fsspec.filesystem("dws").find("source-data@V1/deep") == ["source-data@V1/deep/er.csv"]
    for change in (
        lambda: then.pipe_file("new", b""),
        lambda: then.open("raw.csv", "ab"),
        lambda: then.rm("raw.csv"),
        lambda: then.mv("raw.csv", "new"),
        lambda: then.mkdir("new"),
    ):
        with pytest.raises(ReadOnlyFilesError) as refusal:
            change()
        assert "source-data@V1" in refusal.value.message and refusal.value.hint


def test_a_snapshot_taken_since_is_found(workspace: Workspace, files: DwsFileSystem) -> None:
    """A filesystem that was made before knows of it."""
    everything = fsspec.filesystem("dws")
    assert everything.exists("source-data/raw.csv")

    snapshot(workspace, "LATER")

    assert everything.cat_file("source-data@LATER/raw.csv") == b"1\n"


def test_a_name_that_is_none_is_told_with_those_there_are(workspace: Workspace) -> None:
    snapshot(workspace, "V1")
    add(workspace, "api-resource", {}, role=Role.SOURCE_DATA, name="api")
    Path("later").mkdir()
    add(workspace, "local-files", {"local_path": "later"}, role=Role.SOURCE_DATA)
    wrong: list[tuple[type[DwsError], str, str | None, str]] = [
        (UnknownNameError, "source-date", None, "source-data"),
        (UnknownNameError, "source-data", "V2", "V1"),
        (NotRecordedError, "later", "V1", "history"),
        (NotReadableError, "api", None, "report status"),
    ]

    for kind, name, tag, hint in wrong:
        with pytest.raises(kind) as refusal:
            filesystem(name, tag)
        with pytest.raises(kind):
            fsspec.open(f"dws://{name}{'@' if tag else ''}{tag or ''}/x").open()
        assert hint in (refusal.value.hint or "")


def test_of_many_names_the_near_ones_are_told() -> None:
    refusal = UnknownNameError("resource", "weathr", [*(f"data-{number}" for number in range(50)), "weather"])

    assert refusal.hint is not None and refusal.hint.startswith("there are: weather, ")


def test_outside_a_workspace_is_said_where_one_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(NoWorkspaceError, match=str(tmp_path)):
        fsspec.open("dws://data/x").open()


@pytest.mark.parametrize("path", ["../code/x", "deep/../../code/x", "a//b", "./x", ".git/config", "x/.DataWorkspace/y", "a\0b"])
def test_a_path_out_of_the_resource_is_refused(files: DwsFileSystem, path: str) -> None:
    for ask in (files.info, files.ls, files.cat_file, files.rm_file, lambda each: files.pipe_file(each, b"")):
        with pytest.raises(PathRefusedError):
            ask(path)
    with pytest.raises(PathRefusedError):
        fsspec.filesystem("dws").cat_file(f"source-data/{path}")


@pytest.mark.parametrize("tag", [None, "V1"])
def test_a_file_that_is_not_there_is_named_by_its_url(workspace: Workspace, tag: str | None) -> None:
    snapshot(workspace, "V1")
    files = filesystem("source-data", tag)

    for ask in (files.cat_file, files.info, files.ls, files.open):
        with pytest.raises(FileNotFoundError, match=rf"dws://source-data{'@V1' if tag else ''}/deep/nope"):
            ask("deep/nope")
    with pytest.raises(IsADirectoryError, match="dws://source-data"):
        files.open("deep")


def test_it_is_pickled_with_its_workspace(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker in another process stands elsewhere."""
    snapshot(workspace, "V1")
    kept = [pickle.dumps(each) for each in (filesystem("source-data"), filesystem("source-data", "V1"), fsspec.filesystem("dws"))]
    monkeypatch.chdir(tmp_path)

    now, then, everything = map(pickle.loads, kept)  # our own

    assert now.cat_file("raw.csv") == then.cat_file("raw.csv") == everything.cat_file("source-data/raw.csv") == b"1\n"
    assert (now.resource, then.snapshot, everything.resource) == ("source-data", "V1", None)


def test_the_workspace_may_be_named(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with fsspec.open("dws://source-data/raw.csv", workspace_dir="workspace/code") as file:
        assert file.read() == b"1\n"
    assert filesystem("source-data", workspace_dir=workspace.root).exists("raw.csv")


def test_fsspec_is_imported_only_when_it_is_used(workspace: Workspace) -> None:
    """Neither the library nor its lineage costs it."""
    code = (
        "import sys, dws_core; dws_core.LineageBuilder, dws_core.Workspace, dws_core.find_workspace(); "
        "print('fsspec' in sys.modules); dws_core.filesystem; print('fsspec' in sys.modules)"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown.split() == ["False", "True"]
