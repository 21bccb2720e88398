"""Loads a data set from a resource of the workspace."""

import bz2
import gzip
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.utils import Bunch

from dws_core import ResourceRef, filesystem, find_workspace
from dws_core.errors import PathMissingError
from dws_sklearn.errors import DataFileMissingError, RowCountsDifferError, TwoTablesError, UnreadableDataError

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
    name = find_workspace(workspace_dir).resource(resource_name).name
    files = filesystem(name, workspace_dir=workspace_dir)
    inside = (subpath or "").strip("/")
    directory = ResourceRef(name, inside)
    if not files.isdir(inside):
        raise PathMissingError(str(directory))
    bunch = _load(files, directory)
    bunch["resource"] = directory
    return bunch


def _load(files: Any, directory: ResourceRef) -> Bunch:
    found: dict[str, Any] = {}
    tables: dict[str, str] = {}
    listed = sorted(files.ls(directory.subpath), key=lambda each: str(each["name"]))
    for path in (each["name"] for each in listed if each["type"] == "file"):
        file_name = path.rpartition("/")[2]
        name, dot, rest = file_name.partition(".")
        suffix = dot + rest
        if not name:
            continue
        if name in tables and (suffix in _UNPACK or suffix == ".npy"):
            raise TwoTablesError(str(directory), tables[name], file_name)
        if suffix in _UNPACK:
            found[name], names = _read_csv(files, ResourceRef(directory.name, path), _UNPACK[suffix], flat=name != "data")
            tables[name] = file_name
            if names and name == "data":
                found["feature_names"] = names
        elif suffix == ".npy":
            found[name] = _read_npy(files, ResourceRef(directory.name, path))
            tables[name] = file_name
        elif suffix in _TEXTS:
            found[name] = files.read_text(path, encoding="utf-8", errors="replace")
    if "data" not in tables:
        names = [each["name"].rpartition("/")[2] for each in listed]
        raise DataFileMissingError(str(directory), (name for name in names if not name.startswith(".")))
    if "target" in tables and len(found["data"]) != len(found["target"]):
        raise RowCountsDifferError(tables["data"], len(found["data"]), tables["target"], len(found["target"]))
    return Bunch(**found)


def _read_csv(files: Any, ref: ResourceRef, unpack: Callable[[bytes], bytes], *, flat: bool) -> tuple[Any, list[str]]:
    try:
        lines = unpack(files.cat_file(ref.subpath)).decode("utf-8-sig").splitlines()
    except (OSError, EOFError, ValueError) as error:
        raise UnreadableDataError(str(ref), str(error)) from error
    first = next((line for line in lines if line.strip()), "")
    names = [cell.strip().strip('"') for cell in first.split(",")] if first and _are_names(first.split(",")) else []
    rows = lines[lines.index(first) + 1 :] if names else lines
    if not any(row.strip() for row in rows):
        raise UnreadableDataError(str(ref), "it has no rows")
    try:
        table = np.loadtxt(rows, delimiter=",", ndmin=2)
    except ValueError as error:
        raise UnreadableDataError(str(ref), str(error)) from error
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


def _read_npy(files: Any, ref: ResourceRef) -> Any:
    try:
        with files.open(ref.subpath) as file:
            return np.load(file, allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise UnreadableDataError(str(ref), str(error)) from error
