"""Loads a data set from a resource of the workspace."""

import bz2
import gzip
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils import Bunch

from dws_core import ResourceRef, find_workspace
from dws_core.errors import PathMissingError
from dws_core.model.names import check_relative
from dws_sklearn.errors import DataFileMissingError, DataNotHereError, RowCountsDifferError, TwoTablesError, UnreadableDataError

_UNPACK: dict[str, Callable[[bytes], bytes]] = {".csv": bytes, ".csv.gz": gzip.decompress, ".csv.bz2": bz2.decompress}
_TEXTS = (".txt", ".rst")


def load_dataset_from_resource(
    resource_name: str, subpath: str | None = None, workspace_dir: str | os.PathLike[str] | None = None
) -> Bunch:
    """Load the files of a directory: `data.csv` becomes `data`, `target.csv` becomes `target`, `DESCR.txt` becomes `DESCR`.

    Tables (csv, csv.gz, csv.bz2, npy) become arrays: `data` of shape (n_samples, n_features), others of one column of shape
    (n_samples,). Texts (txt, rst) become strings. A first line of names becomes `feature_names`. `resource` tells the
    lineage where it all came from. DataFileMissingError, RowCountsDifferError or UnreadableDataError tells what is wrong.
    """
    workspace = find_workspace(workspace_dir)
    resource = workspace.resource(resource_name)
    top = workspace.open_resource(resource).local_path
    if top is None:
        raise DataNotHereError(resource.name)
    inside = check_relative((subpath or "").strip("/"))
    directory = top / inside
    if not directory.is_dir():
        raise PathMissingError(directory)
    bunch = _load(directory)
    bunch["resource"] = ResourceRef(resource.name, inside)
    return bunch


def _load(directory: Path) -> Bunch:
    found: dict[str, Any] = {}
    tables: dict[str, str] = {}
    for path in sorted(directory.iterdir()):
        name, dot, rest = path.name.partition(".")
        suffix = dot + rest
        if not name or not path.is_file():
            continue
        if name in tables and (suffix in _UNPACK or suffix == ".npy"):
            raise TwoTablesError(directory, tables[name], path.name)
        if suffix in _UNPACK:
            found[name], names = _read_csv(path, _UNPACK[suffix], flat=name != "data")
            tables[name] = path.name
            if names and name == "data":
                found["feature_names"] = names
        elif suffix == ".npy":
            found[name] = _read_npy(path)
            tables[name] = path.name
        elif suffix in _TEXTS:
            found[name] = path.read_text(encoding="utf-8", errors="replace")
    if "data" not in tables:
        raise DataFileMissingError(directory, (path.name for path in directory.iterdir() if not path.name.startswith(".")))
    if "target" in tables and len(found["data"]) != len(found["target"]):
        raise RowCountsDifferError(tables["data"], len(found["data"]), tables["target"], len(found["target"]))
    return Bunch(**found)


def _read_csv(path: Path, unpack: Callable[[bytes], bytes], *, flat: bool) -> tuple[Any, list[str]]:
    try:
        lines = unpack(path.read_bytes()).decode("utf-8-sig").splitlines()
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableDataError(path, str(error)) from error
    first = next((line for line in lines if line.strip()), "")
    names = [cell.strip().strip('"') for cell in first.split(",")] if first and _are_names(first.split(",")) else []
    rows = lines[lines.index(first) + 1 :] if names else lines
    if not any(row.strip() for row in rows):
        raise UnreadableDataError(path, "it has no rows")
    try:
        table = np.loadtxt(rows, delimiter=",", ndmin=2)
    except ValueError as error:
        raise UnreadableDataError(path, str(error)) from error
    return (table.ravel() if flat and table.shape[1] == 1 else table), names


def _are_names(cells: Sequence[str]) -> bool:
    """Tell whether a first line names the columns: not one of its cells is a number, so that no damaged row is taken for it."""
    return not any(map(_is_number, cells))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _read_npy(path: Path) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise UnreadableDataError(path, str(error)) from error
