"""The two rules: independent steps never write overlapping refs, and no step depends on two versions of one ref."""

from collections.abc import Iterable

from dws_core.errors import InconsistentStepError, OverlappingOutputsError, TwoVersionsError
from dws_core.model.lineage import Lineage
from dws_core.model.step import ResourceRef, Step


def check_step(lineage: Lineage, step: Step) -> None:
    """Check a step of a graph; OverlappingOutputsError or TwoVersionsError names the steps, the ref and the versions."""
    origins = lineage.origins(step)
    _check_outputs(lineage, step, {each.id for each in origins})
    _check_inputs(step, origins)


def check_lineage(lineage: Lineage) -> None:
    """Check every step of a graph, and that none of them was marked inconsistent while it ran."""
    for step in lineage.steps:
        if step.problem:
            raise InconsistentStepError(step.name, step.problem)
        check_step(lineage, step)


def _check_outputs(lineage: Lineage, step: Step, origins: set[str]) -> None:
    """A step may write anew exactly what another wrote, or all of it and more; not a part of it, unless it depends on it."""
    for other in lineage.steps:
        if other.id in origins or other.id == step.id or other.start > step.start or other.name == step.name:
            continue
        for theirs in other.outputs:
            for mine in step.outputs:
                if theirs.ref.holds(mine.ref) and theirs.ref != mine.ref and lineage.is_last(other, theirs.ref):
                    raise OverlappingOutputsError(str(mine.ref), step.name, other.name, str(theirs.ref))


def _check_inputs(step: Step, origins: Iterable[Step]) -> None:
    """What a step before read and then wrote anew is no second version: it is how the one in use came to be."""
    read: dict[ResourceRef, dict[str, list[str]]] = {}
    for each in (step, *origins):
        for edge in each.inputs:
            renewed = each.id != step.id and any(written.ref.holds(edge.ref) for written in each.outputs)
            if edge.version is not None and not renewed:
                read.setdefault(edge.ref, {}).setdefault(edge.version, []).append(each.name)
    for ref, versions in read.items():
        if len(versions) > 1:
            ways = [f"{', '.join(dict.fromkeys(names))}: {version[:8]}" for version, names in versions.items()]
            raise TwoVersionsError(step.name, str(ref), [version[:8] for version in versions], ways)
