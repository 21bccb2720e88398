"""How every result came to be: a graph of steps."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from dws_core.errors import DwsError
from dws_core.model.codec import JsonObject, object_of, objects_of, text_of
from dws_core.model.names import check_name
from dws_core.model.role import Role
from dws_core.model.step import Edge, ResourceRef, Step

MAX_STEPS = 5_000
MAX_WORKSPACES = 16


@dataclass(frozen=True)
class Lineage:
    """Steps in order of their start; each output of a step is what later steps read, until another step writes it anew.

    `imported` is the lineage that resources brought along from other workspaces, by their names here. Its steps are no steps
    of this graph, so that equal names in both never mix.
    """

    steps: tuple[Step, ...] = ()
    imported: "Mapping[str, ImportedLineage]" = field(default_factory=dict)

    @classmethod
    def of(cls, steps: Iterable[Step]) -> Self:
        """Put steps in order."""
        return cls(tuple(sorted(steps, key=_age)))

    def current(self) -> "Lineage":
        """Keep what still counts: the last writer of each output, and all that it came from."""
        return self._with_origins(step for step in self.steps if any(self.is_last(step, edge.ref) for edge in step.outputs))

    def is_last(self, step: Step, ref: ResourceRef) -> bool:
        """Tell whether no later step wrote the whole of what this one wrote there."""
        return all(_age(self._last_written.get(each, step)) <= _age(step) for each in ref.above)

    def writing(self, names: Iterable[str]) -> "Lineage":
        """Keep the steps that wrote these resources, and all that they came from."""
        wanted = set(names)
        kept = self._with_origins(step for step in self.steps if any(edge.ref.name in wanted for edge in step.outputs))
        read = {edge.ref.name for step in kept.steps for edge in step.inputs}
        return replace(kept, imported={name: each for name, each in self.imported.items() if name in read})

    def without_outputs(self, names: Iterable[str]) -> "Lineage":
        """Forget that anything was written to these resources."""
        gone = set(names)
        return self._with_outputs(lambda step, edge: edge if edge.ref.name not in gone else None)

    def about(self, names: Iterable[str]) -> "Lineage":
        """Forget what was written beside these resources, but for what a step of the graph read."""
        wanted = set(names)
        read = [edge.ref for step in self.steps for edge in step.inputs]

        def is_needed(edge: Edge) -> bool:
            return edge.ref.name in wanted or any(each.overlaps(edge.ref) for each in read)

        return self._with_outputs(lambda step, edge: edge if is_needed(edge) else None)

    def observed(self, holds: Callable[[Step, Edge], bool]) -> "Lineage":
        """Mark as unknown what is not any more as its last writer left it."""

        def see(step: Step, edge: Edge) -> Edge:
            changed = edge.version is not None and self.is_last(step, edge.ref) and not holds(step, edge)
            return replace(edge, version=None) if changed else edge

        return self._with_outputs(see)

    def producers(self, step: Step) -> tuple[Step, ...]:
        """Find the steps that wrote what a step read: of each input, the last ones before it began.

        An input that was read later than that is known by the version that another step gave it.
        """
        if step.id not in self._known_producers:
            found: dict[str, Step] = {}
            for edge in step.inputs:
                found.update({writer.id: writer for writer in self._writers_for(step, edge)})
            self._known_producers[step.id] = tuple(found.values())
        return self._known_producers[step.id]

    def origins(self, step: Step) -> tuple[Step, ...]:
        """Find all steps that a step depends on, near and far."""
        return self._origins([step])

    def carried_on(self, workspaces: int = MAX_WORKSPACES) -> "Lineage":
        """Leave out what came through more than so many workspaces, and say so in its place."""
        if not workspaces:
            left_out = f"it came through more than {MAX_WORKSPACES} workspaces, so it is left out"
            return replace(self, imported={name: ImportedLineage.unknown(left_out) for name in self.imported})
        further = {name: each.carried_on(workspaces - 1) for name, each in self.imported.items()}
        return replace(self, imported=further)

    def to_json(self) -> JsonObject:
        steps: JsonObject = {"steps": [step.to_json() for step in self.steps]}
        imported: JsonObject = {name: each.to_json() for name, each in self.imported.items()}
        return {**steps, "imported": imported} if imported else steps

    @classmethod
    def from_json(cls, value: JsonObject, workspaces: int = MAX_WORKSPACES) -> Self:
        """Read a graph that may be a stranger's; ValueError where it makes no sense, or came through more workspaces."""
        steps, imported = objects_of(value, "steps"), object_of(value, "imported")
        if len(steps) > MAX_STEPS:
            raise ValueError(f"more than {MAX_STEPS:,} steps")
        if workspaces < 0:
            raise ValueError(f"it came through more than {MAX_WORKSPACES} workspaces")
        try:
            graph = cls.of(map(Step.from_json, steps))
            further = {
                check_name("resource", name): ImportedLineage.from_json(object_of(imported, name), workspaces - 1)
                for name in imported
            }
        except DwsError as error:
            raise ValueError(error.message) from error
        return replace(graph, imported=further)

    @cached_property
    def _last_written(self) -> dict[ResourceRef, Step]:
        return {edge.ref: step for step in self.steps for edge in step.outputs}

    @cached_property
    def _known_producers(self) -> dict[str, tuple[Step, ...]]:
        return {}

    @cached_property
    def _written(self) -> dict[str, list[tuple[Step, Edge]]]:
        """What was written, by the resource's name, the latest first."""
        found: dict[str, list[tuple[Step, Edge]]] = {}
        for step in reversed(self.steps):
            for edge in step.outputs:
                found.setdefault(edge.ref.name, []).append((step, edge))
        return found

    def _writers_for(self, step: Step, read: Edge) -> list[Step]:
        related = [
            each for each in self._written.get(read.ref.name, []) if each[0].id != step.id and each[1].ref.overlaps(read.ref)
        ]
        earlier = _last_writers([each for each in related if _age(each[0]) < _age(step)], read.ref)
        same = [other for other, edge in related if edge.ref == read.ref and edge.version == read.version is not None]
        return earlier if not same or any(other in earlier for other in same) else same[-1:]

    def _origins(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        found: dict[str, Step] = {}
        waiting = [producer for step in steps for producer in self.producers(step)]
        while waiting:
            each = waiting.pop()
            if each.id not in found:
                found[each.id] = each
                waiting.extend(self.producers(each))
        return tuple(sorted(found.values(), key=_age))

    def _with_origins(self, steps: Iterable[Step]) -> "Lineage":
        chosen = list(steps)
        return replace(self, steps=Lineage.of({each.id: each for each in (*chosen, *self._origins(chosen))}.values()).steps)

    def _with_outputs(self, see: Callable[[Step, Edge], Edge | None]) -> "Lineage":
        seen = [(step, tuple(filter(None, (see(step, edge) for edge in step.outputs)))) for step in self.steps]
        return replace(self, steps=tuple(replace(step, outputs=outputs) for step, outputs in seen))


@dataclass(frozen=True)
class ImportedLineage:
    """How a resource of another workspace came to be, as that workspace tells it.

    `workspace` is its id and `name` its name; `resource` is the resource's name there, as all names in `lineage` are, of which
    `roles` tells the roles. `problem` says why nothing is known, if so.
    """

    workspace: str
    name: str
    resource: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    lineage: Lineage = field(default_factory=Lineage)
    problem: str = ""

    @classmethod
    def unknown(cls, problem: str) -> Self:
        """Say why nothing is known."""
        return cls("", "", "", problem=problem)

    def carried_on(self, workspaces: int) -> "ImportedLineage":
        """Leave out what came through more than so many workspaces before."""
        return replace(self, lineage=self.lineage.carried_on(workspaces))

    def to_json(self) -> JsonObject:
        if self.problem:
            return {"problem": self.problem}
        names: JsonObject = {"workspace": self.workspace, "name": self.name, "resource": self.resource}
        return {**names, "roles": {name: role.value for name, role in self.roles.items()}, **self.lineage.to_json()}

    @classmethod
    def from_json(cls, value: JsonObject, workspaces: int = MAX_WORKSPACES) -> Self:
        """Read what is a stranger's; ValueError where it makes no sense, or came through more workspaces."""
        if "problem" in value:
            return cls.unknown(text_of(value, "problem"))
        roles = object_of(value, "roles")
        try:
            return cls(
                check_name("workspace", text_of(value, "workspace")),
                check_name("workspace", text_of(value, "name")),
                check_name("resource", text_of(value, "resource")),
                {check_name("resource", name): Role(text_of(roles, name)) for name in roles},
                Lineage.from_json(value, workspaces),
            )
        except DwsError as error:
            raise ValueError(error.message) from error


def _last_writers(written: list[tuple[Step, Edge]], ref: ResourceRef) -> list[Step]:
    """Find who wrote a ref last: one step that wrote the whole of it, or those that wrote parts since."""
    writers = []
    for step, edge in written:
        writers.append(step)
        if edge.ref.holds(ref):
            break
    return writers


def _age(step: Step) -> tuple[str, str]:
    return step.start, step.id
