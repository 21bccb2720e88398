"""What a snapshot writes of the lineage of exported resources, for other workspaces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dws_core.model.lineage import ImportedLineage, Lineage
from dws_core.model.role import Role
from dws_core.model.undo import State
from dws_core.plugin.resource_type import ResourceType
from dws_core.plugin.staging import sweep
from dws_core.workspace import lineage_file
from dws_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class ExportPlan:
    """Lineage files to write, by resource id: their texts before and after, and the versions that lineage knows content by."""

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    known_as: Mapping[str, str]


def plan_exports(workspace: Workspace, lineage: Lineage, types: Iterable[ResourceType[Any]]) -> ExportPlan:
    """Decide what is to be written for these resources, and check that it can be; what is there already is not written anew."""
    before: dict[str, str | None] = {}
    after: dict[str, str | None] = {}
    known_as: dict[str, str] = {}
    for type_ in types:
        directory, resource = type_.local_path, type_.resource
        if directory is None or not resource.export:
            continue
        lineage_file.check_ours(directory, resource.name, workspace.description.id)
        found, wanted = lineage_file.text_of_file(directory), _text(workspace, lineage, resource.name)
        if found != wanted:
            before[resource.id], after[resource.id] = found, wanted
        if resource.role is not Role.RESULTS:  # those are known by their results file
            known_as[resource.id] = workspace.known_version(resource, type_.current().id)
    return ExportPlan(before, after, known_as)


def bring_exports(workspace: Workspace, state: State, ends: Iterable[State], content: Iterable[str]) -> None:
    """Let lineage files be what a state says, where they are as at one of the ends of an operation.

    Those in resources of which the operation brings the `content` are what it says whatever lies there; any other file that
    somebody put there since stays.
    """
    known, brought = list(ends), set(content)
    for identity, text in state.exports.items():
        directory = workspace.open_resource(workspace.all_resources[identity]).local_path
        if directory is None or not directory.is_dir():
            continue
        sweep(directory)
        found = lineage_file.text_of_file(directory)
        if found != text and (identity in brought or any(found == end.exports.get(identity) for end in known)):
            lineage_file.write(directory, text)


def exports_now(workspace: Workspace, identities: Iterable[str]) -> dict[str, str | None]:
    """Give the lineage files of resources (by id) as they are."""
    types = {identity: workspace.open_resource(workspace.all_resources[identity]) for identity in identities}
    places = {identity: type_.local_path for identity, type_ in types.items()}
    return {identity: lineage_file.text_of_file(place) if place else None for identity, place in places.items()}


def _text(workspace: Workspace, lineage: Lineage, name: str) -> str:
    """Tell all that is known of a resource, so that it makes sense anywhere."""
    about = lineage.writing([name]).about([name])
    edges = [edge for step in about.steps for edge in (*step.inputs, *step.outputs, *step.code)]
    named = {name, *(edge.ref.name for edge in edges)}
    roles = {each.name: each.role for each in workspace.resources if each.name in named}
    return lineage_file.encode(ImportedLineage(workspace.description.id, workspace.name, name, roles, about))
