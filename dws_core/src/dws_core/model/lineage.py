"""How every result came to be: a graph of steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

from dws_core.errors import DwsError
from dws_core.model.codec import JsonObject, objects_of
from dws_core.model.step import Edge, ResourceRef, Step

MAX_STEPS = 5_000


@dataclass(frozen=True)
class Lineage:
    """Steps in order of their start; each output of a step is what later steps read, until another step writes it anew."""

    steps: tuple[Step, ...] = ()

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
        return self._with_origins(step for step in self.steps if any(edge.ref.name in wanted for edge in step.outputs))

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

    def to_json(self) -> JsonObject:
        return {"steps": [step.to_json() for step in self.steps]}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read a graph that may be a stranger's; ValueError where it makes no sense."""
        steps = objects_of(value, "steps")
        if len(steps) > MAX_STEPS:
            raise ValueError(f"more than {MAX_STEPS:,} steps")
        try:
            return cls.of(map(Step.from_json, steps))
        except DwsError as error:
            raise ValueError(error.message) from error

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
        return Lineage.of({each.id: each for each in (*chosen, *self._origins(chosen))}.values())

    def _with_outputs(self, see: Callable[[Step, Edge], Edge | None]) -> "Lineage":
        seen = [(step, tuple(filter(None, (see(step, edge) for edge in step.outputs)))) for step in self.steps]
        return Lineage(tuple(replace(step, outputs=outputs) for step, outputs in seen))


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
