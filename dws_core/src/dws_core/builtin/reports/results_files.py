"""Finds the results files of a workspace: those there are now, or those of a snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass

from dws_core.errors import DwsError
from dws_core.model.codec import JsonObject, parse
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.plugin import Files, WorkspaceView

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
            files = workspace.open_resource(resource).files()
            paths = _candidates(files, moved)
        except (DwsError, OSError) as error:
            yield ResultsFile(f"{resource.name}:/", {}, str(error))
            continue
        for path in paths:
            yield from _read(resource, files, path)


def files_of(workspace: WorkspaceView, snapshot: Snapshot) -> Iterator[ResultsFile]:
    """Yield those that a snapshot recorded."""
    for resource in _results_resources(workspace):
        version, directory = snapshot.versions.get(resource.id), snapshot.results.get(resource.id)
        if version is None or directory is None:
            continue
        try:
            files = workspace.open_resource(resource).files(version)
            paths = [f"{directory}/{path}" for path in _candidates(files, set(), directory)]
        except FileNotFoundError:
            continue
        except (DwsError, OSError) as error:
            yield ResultsFile(f"{resource.name}:/{directory}", {}, str(error))
            continue
        for path in paths:
            yield from _read(resource, files, path)


def _results_resources(workspace: WorkspaceView) -> list[Resource]:
    return [resource for resource in workspace.resources if resource.role is Role.RESULTS]


def _candidates(files: Files, left_out: set[str], directory: str = "") -> list[str]:
    """Name where results files may lie, from a directory on: in it, and one level below."""
    names = sorted(each.path.rpartition("/")[2] for each in files.list(directory) if each.is_directory)
    return [NAME, *(f"{name}/{NAME}" for name in names if name not in left_out)]


def _read(resource: Resource, files: Files, path: str) -> Iterator[ResultsFile]:
    try:
        yield _parsed(resource, path, files.read(path))
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
