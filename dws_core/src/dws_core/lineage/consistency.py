"""The two rules: independent steps never write overlapping refs, and no step depends on two versions of one ref."""

from dws_core.errors import InconsistentStepError, OverlappingOutputsError, TwoVersionsError
from dws_core.model.lineage import Lineage, edges_of
from dws_core.model.step import Step


def check_step(lineage: Lineage, step: Step) -> None:
    """Check a step of a graph; OverlappingOutputsError or TwoVersionsError names the steps, the ref and the versions."""
    _check_outputs(lineage, step)
    _check_inputs(lineage, step)


def check_lineage(lineage: Lineage) -> None:
    """Check every step of a graph, and that none of them was marked inconsistent while it ran."""
    for step in lineage.steps:
        if step.problem:
            raise InconsistentStepError(step.name, step.problem)
        check_step(lineage, step)


def _check_outputs(lineage: Lineage, step: Step) -> None:
    """A step may write anew exactly what another wrote, or all of it and more; not a part of it, unless it depends on it."""
    related = {step.id, *(each.id for each in lineage.origins(step))}
    for other in lineage.steps:
        if other.id in related or other.start > step.start or other.name == step.name:
            continue
        for mine in step.outputs:
            for theirs in other.outputs:
                if theirs.ref.holds(mine.ref) and theirs.ref != mine.ref and not _superseded(lineage, other, theirs.ref):
                    raise OverlappingOutputsError(str(mine.ref), step.name, other.name, str(theirs.ref))


def _superseded(lineage: Lineage, step: Step, ref: object) -> bool:
    return any(
        later.start > step.start and any(edge.ref == ref for edge in later.outputs)
        for later in lineage.steps
        if later.id != step.id
    )


def _check_inputs(lineage: Lineage, step: Step) -> None:
    for ref, versions in edges_of((step, *lineage.origins(step)), lambda each: each.inputs).items():
        if len(versions) > 1:
            ways = [f"{', '.join(dict.fromkeys(names))}: {version[:8]}" for version, names in versions.items()]
            raise TwoVersionsError(step.name, str(ref), [version[:8] for version in versions], ways)
