"""Finds the results files of a workspace: those there are now, or those of a snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dws_core.errors import DwsError
from dws_core.model.codec import JsonObject, parse
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.plugin import ResourceType, WorkspaceView

NAME = "results.json"


@dataclass(frozen=True)
class ResultsFile:
    """A results file, named as people see it (`results:/results.json`), or the reason why it cannot be read."""

    place: str
    content: JsonObject
    problem: str = ""


def current_files(workspace: WorkspaceView) -> Iterator[ResultsFile]:
    """Yield those at the top of each results resource and one level below, results of earlier snapshots left out."""
    for resource in _results_resources(workspace):
        moved = {each.results[resource.id].split("/")[0] for each in workspace.snapshots() if resource.id in each.results}
        try:
            type_ = workspace.open_resource(resource)
            paths = _candidates(type_.local_path, moved)
        except (DwsError, OSError) as error:
            yield ResultsFile(f"{resource.name}:/", {}, str(error))
            continue
        for path in paths:
            yield from _read(resource, type_, path)


def files_of(workspace: WorkspaceView, snapshot: Snapshot) -> Iterator[ResultsFile]:
    """Yield those that a snapshot recorded."""
    for resource in _results_resources(workspace):
        version, directory = snapshot.versions.get(resource.id), snapshot.results.get(resource.id)
        if version is None or directory is None:
            continue
        try:
            type_ = workspace.open_resource(resource)
            recorded = type_.compare(None, version).added
        except (DwsError, OSError) as error:
            yield ResultsFile(f"{resource.name}:/{directory}", {}, str(error))
            continue
        depth = directory.count("/") + 3
        for path in recorded:
            if path.startswith(f"{directory}/") and path.endswith(f"/{NAME}") and path.count("/") < depth:
                try:
                    with type_.open(version, path) as file:
                        content = file.read()
                except (DwsError, OSError) as error:
                    yield ResultsFile(f"{resource.name}:/{path}", {}, str(error))
                else:
                    yield _parsed(resource, path, content)


def _results_resources(workspace: WorkspaceView) -> list[Resource]:
    return [resource for resource in workspace.resources if resource.role is Role.RESULTS]


def _candidates(directory: Path | None, moved: set[str]) -> list[str]:
    if directory is None:
        return [NAME]
    below = sorted(path.name for path in directory.iterdir() if path.is_dir() and not path.is_symlink())
    return [NAME, *(f"{name}/{NAME}" for name in below if name not in moved)]


def _read(resource: Resource, type_: ResourceType[Any], path: str) -> Iterator[ResultsFile]:
    try:
        yield _parsed(resource, path, type_.read_path(path))
    except FileNotFoundError:
        return
    except (DwsError, OSError) as error:
        yield ResultsFile(f"{resource.name}:/{path}", {}, str(error))


def _parsed(resource: Resource, path: str, content: bytes) -> ResultsFile:
    place = f"{resource.name}:/{path}"
    try:
        return ResultsFile(place, parse(content, place))
    except DwsError as error:
        return ResultsFile(place, {}, error.message)
