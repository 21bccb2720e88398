"""Where the results of a snapshot go, and which of them go."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dws_core.errors import FileAccessError
from dws_core.plugin.resource_type import ResourceType, ResultsMove
from dws_core.workspace.template import render_template, template_values
from dws_core.workspace.workspace import Workspace

RESULTS_FILE = "results.json"


@dataclass(frozen=True)
class ResultsPlan:
    """The move of one resource's results, and the results files (`results.json`, `a/results.json`) among them."""

    move: ResultsMove
    results_files: tuple[str, ...]


def plan_results(
    workspace: Workspace, type_: ResourceType[Any], *, tag: str | None, number: int, files: Mapping[str, bytes]
) -> ResultsPlan | None:
    """Decide what moves and where to; None where there is nothing to move."""
    settings = workspace.settings
    used = _used(workspace, type_)
    now = workspace.caller.now().astimezone()
    values = template_values(now, user=workspace.caller.user, host=workspace.hostname, tag=tag, number=number)
    wanted = render_template(settings.results_dir_template, values)
    top = {path.split("/")[0] for path in (*used, wanted, *files)}
    stay = frozenset(settings.results_exclude) | top
    names = _names(type_.local_path)
    moving = [name for name in names if name not in stay]
    if not moving:
        return None
    _check_movable(type_.local_path, moving)
    destination = _free(wanted, set(used), type_.local_path)
    return ResultsPlan(ResultsMove(destination, stay, files), tuple(_results_files(type_.local_path, moving)))


def _check_movable(directory: Path | None, names: list[str]) -> None:
    """Raise a FileAccessError where the move, which follows the snapshot, would be refused."""
    if directory is None:
        return
    places = [directory / name for name in names]
    for place in (directory, *(each for each in places if each.is_dir() and not each.is_symlink())):
        if not os.access(place, os.W_OK | os.X_OK):
            raise FileAccessError(place, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _used(workspace: Workspace, type_: ResourceType[Any]) -> list[str]:
    """Name the directories of earlier snapshots, deleted ones too: another clone may hold theirs.

    One that this clone took and took back has left nothing anywhere.
    """
    there = {each.id for each in workspace.snapshots()}
    used = []
    for each in workspace.all_snapshots():
        directory = each.results.get(type_.resource.id)
        if directory is None:
            continue
        if each.id in there or each.host != workspace.hostname or _lies_in(type_.local_path, directory):
            used.append(directory)
    return used


def _lies_in(directory: Path | None, name: str) -> bool:
    return directory is not None and _is_there(directory / name)


def _free(wanted: str, used: set[str], directory: Path | None) -> str:
    """Add a number where an earlier snapshot's results, or anything else, lie there already."""
    candidate, number = wanted, 2
    while candidate in used or _lies_in(directory, candidate):
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _names(directory: Path | None) -> list[str]:
    try:
        return sorted(path.name for path in directory.iterdir()) if directory is not None else []
    except OSError as error:
        raise FileAccessError(directory, error) from error


def _results_files(directory: Path | None, moving: list[str]) -> list[str]:
    if directory is None:
        return []
    candidates = [name if name == RESULTS_FILE else f"{name}/{RESULTS_FILE}" for name in moving]
    return [each for each in candidates if (directory / each).is_file()]
