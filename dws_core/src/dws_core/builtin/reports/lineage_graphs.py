"""The graphs that a lineage is made of: the workspace's own, and those that came from other workspaces."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dws_core.model.lineage import ImportedLineage, Lineage
from dws_core.model.role import Role
from dws_core.model.step import ResourceRef

_SHORT = 7


@dataclass(frozen=True)
class Graph:
    """Steps of one workspace, with how its names are shown; `origins` tells where imported resources came from.

    `workspace` is empty for the workspace that reports.
    """

    workspace: str
    lineage: Lineage
    roles: Mapping[str, Role]
    origins: Mapping[str, str] = field(default_factory=dict)

    def shown(self, ref: ResourceRef) -> str:
        """Name a resource, or a part of it, so that equal names in two workspaces are told apart."""
        return f"{self.workspace}/{ref}" if self.workspace else str(ref)

    def titled(self, kind: str) -> str:
        """Say of a kind of row whether it came from another workspace."""
        return f"{kind} (imported)" if self.workspace else kind

    def type_of(self, name: str) -> str:
        """Tell what a resource is to its project."""
        return self.titled(self.roles[name].value.replace("-", " ").title() if name in self.roles else "Unknown")


def graphs_of(workspace: str, lineage: Lineage, roles: Mapping[str, Role]) -> list[Graph]:
    """Give a workspace's own graph, and then those that it imported, near ones first."""
    names = _Names(workspace, lineage)
    found = [Graph("", lineage, roles, names.origins(lineage))]
    waiting = [*lineage.imported.values()]
    while waiting:
        each = waiting.pop(0)
        waiting.extend(each.lineage.imported.values())
        if not each.problem:
            found.append(Graph(names.of(each), each.lineage, each.roles, names.origins(each.lineage)))
    return found


class _Names:
    """What workspaces are called, with digits of their id where others are called the same."""

    def __init__(self, own: str, lineage: Lineage) -> None:
        self._own = own
        self._ids: dict[str, set[str]] = {}
        for each in _all(lineage):
            self._ids.setdefault(each.name, set()).add(each.workspace)

    def of(self, imported: ImportedLineage) -> str:
        unclear = imported.name == self._own or len(self._ids[imported.name]) > 1
        return f"{imported.name}-{imported.workspace[:_SHORT]}" if unclear else imported.name

    def origins(self, lineage: Lineage) -> dict[str, str]:
        return {
            name: f"unknown ({each.problem})" if each.problem else f"{self.of(each)}/{each.resource}"
            for name, each in lineage.imported.items()
        }


def _all(lineage: Lineage) -> Iterator[ImportedLineage]:
    for each in lineage.imported.values():
        yield each
        yield from _all(each.lineage)
