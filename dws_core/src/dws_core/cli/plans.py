"""How the plan of a restore is told."""

from collections.abc import Mapping

from dws_core.cli.progress import amount
from dws_core.model.changes import RestorePlan
from dws_core.model.codec import JsonObject


def summary(plan: RestorePlan) -> str:
    """Tell in one line what is, or was, done to one resource."""
    changes = plan.changes
    if not changes:
        return plan.note or "nothing to do"
    counts = f"{len(changes.added)} new, {len(changes.changed)} replaced, {len(changes.removed)} removed"
    return f"{counts} ({amount(plan.bytes)}){f'; {plan.note}' if plan.note else ''}"


def summaries(plans: Mapping[str, RestorePlan]) -> list[str]:
    """Tell what was done to each resource, a line each."""
    return [f"{name}: {summary(plan)}" for name, plan in plans.items()]


def plans_document(plans: Mapping[str, RestorePlan]) -> JsonObject:
    """Give the plans of all resources, by name, for a program."""
    return {
        name: {
            "new": [*plan.changes.added],
            "replaced": [*plan.changes.changed],
            "removed": [*plan.changes.removed],
            "bytes": plan.bytes,
            "note": plan.note,
        }
        for name, plan in plans.items()
    }
