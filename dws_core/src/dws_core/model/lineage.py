"""How every result came to be: a graph of steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Self

from dws_core.errors import DwsError
from dws_core.model.codec import JsonObject, objects_of
from dws_core.model.step import Edge, ResourceRef, Step

MAX_STEPS = 100_000


@dataclass(frozen=True)
class Lineage:
    """Steps in order of their start; each output of a step is what later steps read, until another step writes it anew."""

    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, steps: Iterable[Step]) -> Self:
        """Put steps in order."""
        return cls(tuple(sorted(steps, key=lambda step: (step.start, step.id))))

    def current(self) -> "Lineage":
        """Keep what still counts: the last writer of each output, and all that it came from."""
        writers: list[Step] = []
        for position, step in enumerate(self.steps):
            later = [edge.ref for after in self.steps[position + 1 :] for edge in after.outputs]
            if any(not any(other.holds(edge.ref) for other in later) for edge in step.outputs):
                writers.append(step)
        return self._with_origins(writers)

    def writing(self, names: Iterable[str]) -> "Lineage":
        """Keep the steps that wrote these resources, and all that they came from."""
        wanted = set(names)
        return self._with_origins([step for step in self.steps if any(edge.ref.name in wanted for edge in step.outputs)])

    def without_outputs(self, names: Iterable[str]) -> "Lineage":
        """Forget that anything was written to these resources."""
        gone = set(names)
        kept = [replace(step, outputs=tuple(edge for edge in step.outputs if edge.ref.name not in gone)) for step in self.steps]
        return Lineage(tuple(kept))

    def producers(self, step: Step) -> tuple[Step, ...]:
        """Find the steps that wrote what a step read: of each input, the last ones before it began."""
        found: dict[str, Step] = {}
        earlier = self.steps[: self._position(step)]
        for edge in step.inputs:
            found.update({writer.id: writer for writer in _last_writers(earlier, edge.ref)})
        return tuple(found.values())

    def origins(self, step: Step) -> tuple[Step, ...]:
        """Find all steps that a step depends on, near and far."""
        found: dict[str, Step] = {}
        waiting = list(self.producers(step))
        while waiting:
            each = waiting.pop()
            if each.id not in found:
                found[each.id] = each
                waiting.extend(self.producers(each))
        return tuple(sorted(found.values(), key=lambda each: (each.start, each.id)))

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

    def _with_origins(self, steps: Iterable[Step]) -> "Lineage":
        kept = {each.id: each for step in steps for each in (step, *self.origins(step))}
        return Lineage.of(kept.values())

    def _position(self, step: Step) -> int:
        return next((number for number, each in enumerate(self.steps) if each.id == step.id), len(self.steps))


def _last_writers(steps: tuple[Step, ...], ref: ResourceRef) -> list[Step]:
    """Find who wrote a ref last: one step that wrote the whole of it, or those that wrote parts since."""
    writers = []
    for step in reversed(steps):
        written = [edge.ref for edge in step.outputs if edge.ref.overlaps(ref)]
        if written:
            writers.append(step)
        if any(each.holds(ref) for each in written):
            break
    return writers


def edges_of(steps: Iterable[Step], which: Callable[[Step], tuple[Edge, ...]]) -> dict[ResourceRef, dict[str, list[str]]]:
    """Group edges by ref and version, with the names of the steps: `{ref: {version: [step, …]}}`."""
    found: dict[ResourceRef, dict[str, list[str]]] = {}
    for step in steps:
        for edge in which(step):
            if edge.version is not None:
                found.setdefault(edge.ref, {}).setdefault(edge.version, []).append(step.name)
    return found
