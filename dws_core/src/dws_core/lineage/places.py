"""Finds the workspace that code runs in, and tells which resource a path lies in and what version lies there."""

import os
from pathlib import Path

from dws_core.errors import DwsError, OutsideResourcesError, PathMissingError
from dws_core.model.step import ResourceRef
from dws_core.plugin.descriptors import Capability
from dws_core.registry import Registry, read_choices
from dws_core.workspace import Caller, Workspace


class SilentProgress:
    """A progress for code that is no command: warnings are Python's own business."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        """Say nothing."""

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        """Say nothing."""

    def warn(self, message: str) -> None:
        """Keep it."""
        self.warnings.append(message)


def find_workspace(directory: str | os.PathLike[str] | None = None) -> Workspace:
    """Open the workspace that holds `directory`, or the current one; NoWorkspaceError if there is none."""
    caller = Caller.of_process()
    registry = Registry.discover(caller.environ, disabled=read_choices(caller.environ))
    start = caller.cwd if directory is None else caller.cwd / Path(directory).expanduser()
    return Workspace.find(start, registry, caller, SilentProgress())


def ref_of_path(workspace: Workspace, path: str | os.PathLike[str]) -> ResourceRef:
    """Tell which resource a path lies in, from where the program stands or else from the workspace's top.

    Of two such places the one where something lies is meant. OutsideResourcesError where it lies in no resource.
    """
    # A program may change its directory at any time, and means its paths from there.
    places = [(start / Path(path).expanduser()).resolve() for start in (Path.cwd(), workspace.root)]
    found = [(ref, place) for place in places if (ref := _ref_of_place(workspace, place)) is not None]
    if not found:
        raise OutsideResourcesError(path)
    return next((ref for ref, place in found if place.exists()), found[0][0])


def _ref_of_place(workspace: Workspace, place: Path) -> ResourceRef | None:
    for resource in workspace.resources:
        try:
            top = workspace.open_resource(resource).local_path
        except DwsError:
            continue  # what cannot be opened here holds no path of this machine
        if top is not None and place.is_relative_to(top.resolve()):
            inside = place.relative_to(top.resolve()).as_posix()
            return ResourceRef(resource.name, "" if inside == "." else inside)
    return None


def version_of(workspace: Workspace, ref: ResourceRef) -> str:
    """Tell the id of the version of what a ref names now; PathMissingError where there is nothing."""
    try:
        resource = workspace.resource(ref.name)
        found = workspace.open_resource(resource).current(ref.subpath).id
        return found if ref.subpath else workspace.known_version(resource, found)
    except FileNotFoundError as error:
        raise PathMissingError(str(ref), expected="file or directory") from error


def declare_version(workspace: Workspace, ref: ResourceRef, version: str) -> str:
    """Take a version that a step gives; a type whose version is always given keeps it."""
    resource = workspace.resource(ref.name)
    if Capability.DECLARED in workspace.capabilities(resource):
        return workspace.open_resource(resource).declare(version).id
    return version


def version_or_unknown(workspace: Workspace, ref: ResourceRef) -> str | None:
    """Tell the version, or None where it cannot be told (nothing there, a type that is not installed)."""
    try:
        return version_of(workspace, ref)
    except Exception:  # the type may be anybody's: whatever it raises, the program that is being recorded goes on
        return None
