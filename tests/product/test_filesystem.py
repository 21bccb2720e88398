"""Files of resources as pandas, dask and pyarrow open them: `dws://NAME/path`."""

import json
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pyarrow.dataset
import pyarrow.parquet
import pytest

from dws_core import DwsError, LineageBuilder, filesystem, find_workspace
from dws_core.errors import NotPushedError, ReadOnlyFilesError

# dask's own business with a pandas that is newer than it; and pyarrow leaves it to the garbage collector to close what it read.
pytestmark = [
    pytest.mark.filterwarnings("ignore:The inplace keyword"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

DWS = Path(sys.executable).with_name("dws")
Dws = Callable[..., str]
TYPES = ["git", "git-subdirectory", "local-files"]


@pytest.fixture
def dws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dws:
    """The installed command, at the top of an empty workspace in git."""
    root = tmp_path / "weather"
    root.mkdir()
    monkeypatch.chdir(root)

    def call(*arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run([DWS, *arguments], cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    call("init", "--create-resources", "results", "--hostname", "laptop")
    return call


@pytest.fixture(params=TYPES)
def data(dws: Dws, request: pytest.FixtureRequest) -> str:
    """A resource of each type that lies in a directory, which holds `june.csv` and `parts/`."""
    place = Path("data")
    (place / "parts").mkdir(parents=True)
    (place / "june.csv").write_text("day,degrees\n1,10\n2,14\n")
    for number in range(3):
        pd.DataFrame({"day": [number], "degrees": [10.0 + number]}).to_parquet(place / "parts" / f"part.{number}.parquet")
    if request.param == "git":
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
            author = ["-c", "user.name=me", "-c", "user.email=me@laptop"]
            subprocess.run(["git", *author, *command], cwd=place, check=True)
    dws("add", request.param, "--role", "source-data", "./data")
    dws("snapshot", "JUNE-1")
    (place / "june.csv").write_text("day,degrees\n1,10\n2,14\n3,12\n")
    return str(request.param)


@pytest.mark.parametrize("name", ["data", "data@JUNE-1"])
def test_pandas_reads_and_writes(dws: Dws, data: str, name: str) -> None:
    rows = 2 if "@" in name else 3

    assert pd.read_csv(f"dws://{name}/june.csv")["degrees"].tolist() == [10, 14, 12][:rows]
    assert pd.read_parquet(f"dws://{name}/parts/part.1.parquet")["degrees"].tolist() == [11.0]
    assert sorted(pd.read_parquet(f"dws://{name}/parts")["day"]) == [0, 1, 2]
    assert pd.read_csv("dws://data/june.csv", storage_options={"snapshot": "JUNE-1"}).shape == (2, 2)

    table = pd.DataFrame({"day": range(1000)})
    for suffix, write, read in (
        ("csv", table.to_csv, pd.read_csv),
        ("csv.gz", table.to_csv, pd.read_csv),
        ("parquet", table.to_parquet, pd.read_parquet),
        ("pickle", table.to_pickle, None),
        ("json", table.to_json, pd.read_json),
    ):
        url = f"dws://{name}/new/table.{suffix}"
        if "@" in name:
            with pytest.raises(ReadOnlyFilesError):
                write(url)
        else:
            write(url)
            assert read is None or read(url)["day"].sum() == table["day"].sum()
    assert Path("data/new").exists() == ("@" not in name)


def test_numpy_reads_and_writes_open_files(dws: Dws, data: str) -> None:
    with filesystem("results").open("arrays/a.npy", "wb") as file:
        np.save(file, np.arange(10))
    with filesystem("results").open("arrays/a.npz", "wb") as file:
        np.savez(file, a=np.arange(10))

    with filesystem("results").open("arrays/a.npy") as file:
        assert np.load(file).sum() == 45
    with filesystem("results").open("arrays/a.npz") as file:
        assert np.load(file)["a"].sum() == 45


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.parametrize("name", ["data", "data@JUNE-1"])
def test_dask_reads_and_writes(dws: Dws, data: str, name: str, scheduler: str) -> None:
    """Its workers are other threads, or other processes, which get the filesystem by pickle."""
    found = dd.read_parquet(f"dws://{name}/parts")

    assert sorted(found["day"].compute(scheduler=scheduler)) == [0, 1, 2]
    assert dd.read_csv(f"dws://{name}/*.csv")["degrees"].sum().compute(scheduler=scheduler) == (24 if "@" in name else 36)

    found.to_parquet("dws://results/copies", compute_kwargs={"scheduler": scheduler})
    assert sorted(pd.read_parquet("dws://results/copies")["day"]) == [0, 1, 2]


@pytest.mark.parametrize("name", ["data", "data@JUNE-1"])
def test_pyarrow_reads_and_writes(dws: Dws, data: str, name: str) -> None:
    resource, _, tag = name.partition("@")
    files = filesystem(resource, tag or None)

    assert pyarrow.parquet.read_table(f"fsspec+dws://{name}/parts/part.1.parquet").num_rows == 1
    assert pyarrow.dataset.dataset(f"fsspec+dws://{name}/parts").to_table().num_rows == 3
    assert pyarrow.dataset.dataset("parts", filesystem=files).count_rows() == 3

    table = pyarrow.table({"day": [1, 2], "month": ["june", "july"]})
    pyarrow.dataset.write_dataset(table, "by-month", filesystem=filesystem("results"), format="parquet", partitioning=["month"])
    assert sorted(filesystem("results").find("by-month")) == ["by-month/july/part-0.parquet", "by-month/june/part-0.parquet"]


def test_a_table_that_cannot_be_written_leaves_what_was_there(dws: Dws, data: str) -> None:
    class Refuses:
        def __str__(self) -> str:
            raise ZeroDivisionError

    before = Path("data/june.csv").read_bytes()

    with pytest.raises(ZeroDivisionError):
        pd.DataFrame({"day": [*range(10_000), Refuses()]}).to_csv("dws://data/june.csv", chunksize=100)

    assert Path("data/june.csv").read_bytes() == before


def test_what_a_script_read_and_wrote_is_in_the_lineage(dws: Dws, data: str) -> None:
    """The step says nothing of it, and a snapshot knows all the same."""
    script = """
        import pandas as pd
        from dws_core import LineageBuilder

        with LineageBuilder().with_step_name("average").as_results_step("results").eval() as step:
            table = pd.read_csv("dws://data/june.csv")
            table.to_parquet("dws://results/clean.parquet")
            step.write_results({"average": float(table["degrees"].mean())})
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)

    dws("snapshot", "JUNE-2")
    rows = json.loads(dws("--json", "report", "lineage", "--snapshot", "JUNE-2"))["tables"][0]["rows"]

    (step,) = [row for row in rows if row["Resource"] == "results"]
    assert "data:june.csv" in str(step["Inputs"]) and "average" in str(step["Details"])
    assert pd.read_parquet("dws://results@JUNE-2/snapshots/laptop-JUNE-2/clean.parquet").shape == (3, 2)


def test_dask_threads_read_for_the_step_that_runs(dws: Dws, data: str) -> None:
    with LineageBuilder().with_step_name("many").eval() as step:
        dd.read_parquet("dws://data/parts").compute(scheduler="threads")

    assert {str(edge.ref) for edge in step.step.inputs} == {f"data:parts/part.{number}.parquet" for number in range(3)}


def _clone(dws: Dws, tmp_path: Path, *, with_store: bool) -> Path:
    """Publish the workspace, clone it, and lose what the clone has of its content."""
    Path("plain").mkdir()
    Path("plain/a.csv").write_text("a\n1\n")
    dws("add", "local-files", "--role", "source-data", "./plain")
    dws("snapshot", "V1")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", tmp_path / "origin.git"], check=True)
    if with_store:
        dws("store", "add", "lab", str(tmp_path / "store"))
    dws("publish", *([] if with_store else ["--allow-missing"]), str(tmp_path / "origin.git"))
    dws("clone", "--accept", "--hostname", "desktop", str(tmp_path / "origin.git"), str(tmp_path / "clone"), cwd=tmp_path)
    shutil.rmtree(tmp_path / "clone" / ".dataworkspace" / "local" / "objects", ignore_errors=True)
    return tmp_path / "clone"


def test_content_of_a_snapshot_that_is_not_here_comes_from_a_store(dws: Dws, tmp_path: Path) -> None:
    clone = _clone(dws, tmp_path, with_store=True)

    found = filesystem("plain", "V1", workspace_dir=clone)

    assert found.find("") == ["a.csv"] and found.cat_file("a.csv") == b"a\n1\n"


def test_content_that_nobody_pushed_is_named_with_whoever_has_it(dws: Dws, tmp_path: Path) -> None:
    """The same error as that of a restore."""
    clone = _clone(dws, tmp_path, with_store=False)

    with pytest.raises(NotPushedError) as refusal:
        pd.read_csv("dws://plain@V1/a.csv", storage_options={"workspace_dir": clone})

    assert "laptop" in str(refusal.value.hint)


def test_what_a_wrong_url_means_is_said(dws: Dws, data: str) -> None:
    wrong: list[tuple[str, type[Exception], str]] = [
        ("dws://date/june.csv", DwsError, "no resource 'date'"),
        ("dws://data@JUNE-9/june.csv", DwsError, "no snapshot 'JUNE-9'"),
        ("dws://data/../results/x", DwsError, "cannot be used"),
        ("dws://data/july.csv", FileNotFoundError, "data/july.csv"),
        ("dws://data@JUNE-1/july.csv", FileNotFoundError, "data@JUNE-1/july.csv"),
    ]

    for url, kind, words in wrong:
        for read in (pd.read_csv, pd.read_parquet):
            with pytest.raises(kind, match=words):
                _call(read, url)


def _call(read: Any, url: str) -> None:
    read(url)


def test_a_results_resource_knows_its_results_by_their_file(dws: Dws, data: str) -> None:
    with LineageBuilder().with_step_name("average").as_results_step("results").eval() as step:
        path = step.write_results({"average": 1.0})

    assert path is not None and path == Path("results/results.json").resolve()
    assert step.step.results_file["name"] == "results.json"
    assert find_workspace().current_lineage().steps[0].outputs[0].version is not None
