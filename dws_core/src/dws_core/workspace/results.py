"""Where the results of a snapshot go, and which of them go."""

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dws_core.errors import FileAccessError
from dws_core.model.resource import Resource
from dws_core.plugin.files import FileInfo, Files
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
    settings, files_now = workspace.settings, type_.files()
    used = _used(workspace, type_.resource, files_now)
    now = workspace.caller.now().astimezone()
    values = template_values(now, user=workspace.caller.user, host=workspace.hostname, tag=tag, number=number)
    wanted = render_template(settings.results_dir_template, values)
    top = {path.split("/")[0] for path in (*used, wanted, *files)}
    stay = frozenset(settings.results_exclude) | top
    moving = [each for each in _at_top(type_, files_now) if each.path not in stay]
    if not moving:
        return None
    _check_movable(type_.local_path, [each.path for each in moving])
    destination = _free(wanted, set(used), files_now)
    return ResultsPlan(ResultsMove(destination, stay, files), tuple(_results_files(files_now, moving)))


def _check_movable(directory: Path | None, names: list[str]) -> None:
    """Raise a FileAccessError where the move, which follows the snapshot, would be refused."""
    if directory is None:
        return
    places = [directory / name for name in names]
    for place in (directory, *(each for each in places if each.is_dir() and not each.is_symlink())):
        if not os.access(place, os.W_OK | os.X_OK):
            raise FileAccessError(place, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _used(workspace: Workspace, resource: Resource, files: Files) -> list[str]:
    """Name the directories of earlier snapshots, deleted ones too: another clone may hold theirs.

    One that this clone took and took back has left nothing anywhere.
    """
    there = {each.id for each in workspace.snapshots()}
    used = []
    for each in workspace.all_snapshots():
        directory = each.results.get(resource.id)
        if directory is None:
            continue
        if each.id in there or each.host != workspace.hostname or _is_there(files, directory):
            used.append(directory)
    return used


def _free(wanted: str, used: set[str], files: Files) -> str:
    """Add a number where an earlier snapshot's results, or anything else, lie there already."""
    candidate, number = wanted, 2
    while candidate in used or _is_there(files, candidate):
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


def _is_there(files: Files, path: str) -> bool:
    """Tell whether anything has that path, a link that leads nowhere too."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return any(each.path == path for each in files.list(path.rpartition("/")[0]))
    return False


def _at_top(type_: ResourceType[Any], files: Files) -> list[FileInfo]:
    try:
        return sorted(files.list(), key=lambda each: each.path)
    except OSError as error:
        raise FileAccessError(error.filename or type_.local_path or type_.resource.name, error) from error


def _results_files(files: Files, moving: list[FileInfo]) -> list[str]:
    candidates = [f"{each.path}/{RESULTS_FILE}" if each.is_directory else each.path for each in moving]
    return [each for each in candidates if each.rpartition("/")[2] == RESULTS_FILE and _is_file(files, each)]


def _is_file(files: Files, path: str) -> bool:
    with suppress(FileNotFoundError):
        return not files.info(path).is_directory
    return False
