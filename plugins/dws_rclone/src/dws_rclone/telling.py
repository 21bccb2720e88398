"""What goes from one side to the other, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from dws_core.model.exchange import Exchange

_SHOWN = 5


@dataclass(frozen=True)
class Plan:
    """The files to write and to remove on one side."""

    new: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def written(self) -> tuple[str, ...]:
        return (*self.new, *self.replaced)

    def __bool__(self) -> bool:
        return bool(self.new or self.replaced or self.removed)


def told(plan: Plan, also: Sequence[str] = ()) -> Exchange:
    """Tell what was, or would be, written and removed; what is removed is named."""
    said = [f"{len(paths):,} {what}" for paths, what in ((plan.new, "new"), (plan.replaced, "replaced")) if paths]
    if plan.removed:
        said.append(f"{len(plan.removed):,} removed ({named(plan.removed)})")
    return Exchange(", ".join([*(said or ["nothing new"]), *also]), bool(plan))


def left(paths: Sequence[str], plan: Plan, where: str) -> tuple[str, ...]:
    """Name what changed on the side that is no master alone, and is left as it is."""
    others = [path for path in paths if path not in plan.written]
    return (f"{len(others):,} changed {where} alone, and left ({named(others)})",) if others else ()


def named(paths: Sequence[str]) -> str:
    """Name a few of them."""
    return ", ".join(sorted(paths)[:_SHOWN]) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
