"""The lineage that imported resources bring along."""

from collections.abc import Callable, Iterable
from typing import Any

from dws_core.errors import DwsError, ImportedLineageError
from dws_core.model.lineage import ImportedLineage, Lineage
from dws_core.model.resource import Resource
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace import lineage_file


def with_imports(
    lineage: Lineage, resources: Iterable[Resource], open_resource: Callable[[Resource], ResourceType[Any]]
) -> Lineage:
    """Add to a graph what its imported resources bring along; where nothing is known of one, the reason stands in its place."""
    imported = {each.name: _import(lineage, each, open_resource) for each in resources if each.imported}
    return Lineage(lineage.steps, imported).carried_on() if imported else lineage


def _import(lineage: Lineage, resource: Resource, open_resource: Callable[[Resource], ResourceType[Any]]) -> ImportedLineage:
    try:
        type_ = open_resource(resource)
        if type_.local_path is None:
            return ImportedLineage.unknown("it has no directory here")
        found = lineage_file.read(type_.local_path)
        changed = _readers_before_a_change(lineage, type_)
    except ImportedLineageError as error:
        return ImportedLineage.unknown(f"its {lineage_file.NAME} makes no sense: {error.reason}")
    except DwsError:  # the reason names what only this machine knows, and what is said here is recorded for all
        return ImportedLineage.unknown("it could not be looked at")
    if found is None:
        return ImportedLineage.unknown(f"no {lineage_file.NAME} came with it")
    if changed:
        return ImportedLineage.unknown(f"it is not what {', '.join(changed)} read")
    return found


def _readers_before_a_change(lineage: Lineage, type_: ResourceType[Any]) -> list[str]:
    """Name the steps that read what is there no more: what lineage is there now is not that of what they read."""
    read = {
        (edge.ref.subpath, edge.version): step.name
        for step in lineage.steps
        for edge in step.inputs
        if edge.ref.name == type_.resource.name
    }
    return sorted({name for (subpath, version), name in read.items() if version != _version(type_, subpath)})


def _version(type_: ResourceType[Any], subpath: str) -> str | None:
    try:
        return type_.current(subpath).id
    except FileNotFoundError:
        return None
