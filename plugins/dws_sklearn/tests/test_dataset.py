"""Data sets of every form, and what is wrong with those that are none."""

import bz2
import gzip
from pathlib import Path

import numpy as np
import pytest

from dws_core import ResourceRef, Workspace
from dws_core.errors import DwsError, PathMissingError, UnknownNameError
from dws_sklearn import load_dataset_from_resource
from dws_sklearn.errors import DataFileMissingError, RowCountsDifferError, TwoTablesError, UnreadableDataError


@pytest.fixture
def directory(workspace: Workspace) -> Path:
    """A directory of the digits resource for one data set."""
    made = workspace.root / "digits" / "one"
    made.mkdir()
    return made


def test_tables_and_texts_become_what_they_are_named(directory: Path) -> None:
    (directory / "data.csv").write_text("height,width\n1,2\n3,4\n")
    (directory / "target.csv.gz").write_bytes(gzip.compress(b"0\n1\n"))
    (directory / "weights.csv.bz2").write_bytes(bz2.compress(b"0.5\n0.25\n"))
    np.save(directory / "images.npy", np.zeros((2, 8, 8)))
    (directory / "DESCR.rst").write_text("About it")

    found = load_dataset_from_resource("digits", "one")

    assert found.data.tolist() == [[1, 2], [3, 4]]
    assert found.feature_names == ["height", "width"]
    assert (found.target.tolist(), found.weights.tolist()) == ([0, 1], [0.5, 0.25])
    assert found.images.shape == (2, 8, 8)
    assert found.DESCR == "About it"
    assert found.resource == ResourceRef("digits", "one")


def test_a_data_set_without_data_is_told_what_is_missing(directory: Path) -> None:
    (directory / "target.csv").write_text("1\n")

    with pytest.raises(DataFileMissingError, match=r"no data\.csv.*target\.csv"):
        load_dataset_from_resource("digits", "one")


def test_differing_row_counts_are_told_with_both(directory: Path) -> None:
    (directory / "data.csv").write_text("1\n2\n3\n")
    (directory / "target.csv").write_text("1\n2\n")

    with pytest.raises(RowCountsDifferError, match=r"data\.csv has 3 rows, and target\.csv has 2"):
        load_dataset_from_resource("digits", "one")


def test_two_files_for_one_table_are_named(directory: Path) -> None:
    """Neither wins without a word."""
    (directory / "data.csv").write_text("1\n")
    np.save(directory / "data.npy", np.zeros((1, 1)))

    with pytest.raises(TwoTablesError, match=r"data\.csv and data\.npy"):
        load_dataset_from_resource("digits", "one")


@pytest.mark.parametrize("content", [b"1,2\nx,4\n", b"1,x\n3,4\n", b"1,2\n3\n", b"", b"\xff\xfe\x00"])
def test_a_table_that_is_none_is_named(directory: Path, content: bytes) -> None:
    (directory / "data.csv").write_bytes(content)

    with pytest.raises(UnreadableDataError, match=r"data\.csv"):
        load_dataset_from_resource("digits", "one")


def test_a_file_that_would_run_code_is_refused(directory: Path) -> None:
    """`.npy` files are read without pickle."""
    np.save(directory / "data.npy", np.array([{}], dtype=object), allow_pickle=True)

    with pytest.raises(UnreadableDataError, match=r"data\.npy"):
        load_dataset_from_resource("digits", "one")


@pytest.mark.parametrize(("name", "subpath", "error"), [("nope", None, UnknownNameError), ("digits", "nope", PathMissingError)])
def test_what_is_not_there_is_named(workspace: Workspace, name: str, subpath: str | None, error: type[DwsError]) -> None:
    with pytest.raises(error, match="nope"):
        load_dataset_from_resource(name, subpath)


def test_a_path_out_of_the_resource_is_refused(workspace: Workspace) -> None:
    with pytest.raises(DwsError, match=r"\.\."):
        load_dataset_from_resource("digits", "../code")
