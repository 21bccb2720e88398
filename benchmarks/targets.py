"""The targets: what each operation may cost, as a ratio to something else that was measured in the same run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypedDict

from benchmarks import growth, machine, s3, sharing
from benchmarks.clock import Figure
from benchmarks.history import HISTORY
from benchmarks.life import CHANGED, EVERYTHING, FIRST, RESTORE, STATUS, STORE, UNCHANGED
from benchmarks.sets import LARGE, MEDIUM, SETS, SMALL, TINY
from benchmarks.startup import DVC_HELP, HELP, SECTION, YARDSTICK

# Figures by section (a set of files, start-up, history …), then by program, then by operation.
Sections: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Figure]]]

HISTORY_SECTION = "history"

MIB = 1 << 20


@dataclass(frozen=True)
class Place:
    """Where a number stands in a run."""

    section: str
    program: str
    operation: str
    unit: str = "seconds"

    def read(self, sections: Sections) -> float | None:
        return sections.get(self.section, {}).get(self.program, {}).get(self.operation, {}).get(self.unit)


@dataclass(frozen=True)
class Target:
    """`ours` may be `factor` times the least of `beside`, and `plus` besides; `rule` says the same to people."""

    row: str
    rule: str
    ours: Place
    factor: float = 0
    beside: tuple[Place, ...] = ()
    plus: Place | float = 0
    # An aim is shown like a target, but none that has to be met.
    aim: bool = False


class Outcome(TypedDict):
    """What became of a target in one run; without `ratio` it was not measured, for want of what `missing` names."""

    row: str
    rule: str
    ours: float | None
    allowed: float | None
    ratio: float | None
    verdict: str
    missing: list[str]


def outcomes(sections: Sections, *, reflinks: bool) -> list[Outcome]:
    """Hold every target against a run."""
    return [_outcome(target, sections) for target in targets(reflinks=reflinks)]


def _outcome(target: Target, sections: Sections) -> Outcome:
    ours = target.ours.read(sections)
    beside = {place.program: place.read(sections) for place in target.beside}
    found = [figure for figure in beside.values() if figure is not None]
    plus = target.plus.read(sections) if isinstance(target.plus, Place) else target.plus
    missing = [name for name, figure in beside.items() if figure is None]
    if ours is None or plus is None or (target.beside and not found):
        missing = missing if ours is not None else [target.ours.section]
        return Outcome(
            row=target.row, rule=target.rule, ours=ours, allowed=None, ratio=None, verdict="not measured", missing=missing
        )
    allowed = target.factor * min(found, default=0) + plus
    met = "met" if ours <= allowed else "an aim" if target.aim else "NOT met"
    return Outcome(
        row=target.row, rule=target.rule, ours=ours, allowed=allowed, ratio=ours / allowed, verdict=met, missing=missing
    )


def targets(*, reflinks: bool) -> Sequence[Target]:
    """The table of targets, as the project promises them."""
    return [
        *_startup(),
        *_first(reflinks=reflinks),
        *_unchanged(),
        *_large_file(),
        *(each for name in SETS for each in _one_percent(name)),
        *(each for name in SETS for each in _everything(name)),
        Target("report history, 10,000 snapshots: CPU", "0.5 s", Place(HISTORY_SECTION, "dws", HISTORY, "cpu"), plus=0.5),
        Target("report history: peak memory", "150 MiB", Place(HISTORY_SECTION, "dws", HISTORY, "peak"), plus=150 * MIB),
        *_sharing(),
        *_buckets(),
        *map(_memory, SETS),
        *(_memory(sharing.section(name), name) for name in SETS),
        *map(_linear, (FIRST, UNCHANGED, STATUS, CHANGED, RESTORE)),
    ]


def _startup() -> list[Target]:
    ours = Place(SECTION, "dws", HELP)
    return [
        Target(HELP, f"2 × {YARDSTICK}", ours, 2, (Place(SECTION, "python", YARDSTICK),)),
        Target(HELP, "dvc --help", ours, 1, (Place(SECTION, "dvc", DVC_HELP),)),
    ]


def _first(*, reflinks: bool) -> list[Target]:
    def row(name: str, rule: str, factor: float, operation: str, *programs: str) -> Target:
        beside = tuple(Place(name, program, operation) for program in programs)
        return Target(f"first snapshot, {SETS[name].title}", rule, Place(name, "dws", FIRST), factor, beside)

    large = (
        row(LARGE, "1.1 × SHA-256 of it", 1.1, machine.HASH, machine.NAME)
        if reflinks
        else row(LARGE, "1.3 × cp of it", 1.3, machine.COPY, machine.NAME)
    )
    return [
        row(TINY, "0.5 × the faster of restic and borg", 0.5, FIRST, "restic", "borg"),
        row(TINY, "0.1 × dvc add and commit", 0.1, FIRST, "dvc"),
        large,
        row(TINY, "6 × reading all files", 6, machine.READ, machine.NAME),
        row(SMALL, "6 × reading all files", 6, machine.READ, machine.NAME),
        row(MEDIUM, "1.2 × cp -r", 1.2, machine.COPY, machine.NAME),
        row(MEDIUM, "borg's", 1, FIRST, "borg"),
    ]


def _unchanged() -> list[Target]:
    walk = Place(TINY, machine.NAME, machine.WALK)
    rows = []
    for operation in (UNCHANGED, STATUS):
        title, ours = f"{operation}, {SETS[TINY].title}", Place(TINY, "dws", operation)
        rows += [
            Target(title, "2 × scandir and stat", ours, 2, (walk,)),
            Target(title, "0.15 × dvc status", ours, 0.15, (Place(TINY, "dvc", STATUS),)),
            Target(title, "toward git's", ours, 1, (Place(TINY, "git", operation),), aim=True),
        ]
    return rows


def _large_file() -> list[Target]:
    rows = [
        Target(f"{operation}, {SETS[LARGE].title}", f"{factor} × {peer}'s", ours, factor, (Place(LARGE, peer, operation),))
        for operation, ours in ((each, Place(LARGE, "dws", each)) for each in (CHANGED, RESTORE))
        for peer, factor in (("borg", 0.25), ("dvc", 0.2))
    ]
    grown, before = (Place(LARGE, "dws", STORE, unit) for unit in ("growth", "bytes"))
    return [*rows, Target(f"growth of the store, {SETS[LARGE].title}", "3 % of it", grown, 0.03, (before,))]


def _one_percent(name: str) -> list[Target]:
    title, unchanged, cost = SETS[name].title, Place(name, "dws", UNCHANGED), Place(name, machine.NAME, machine.CHANGED)
    return [
        Target(
            f"{operation}, {title}",
            f"{factor} × unchanged + changed files",
            Place(name, "dws", operation),
            factor,
            (unchanged,),
            cost,
        )
        for operation, factor in ((CHANGED, 1.3), (RESTORE, 1.5))
    ]


def _everything(name: str) -> list[Target]:
    row, ours = f"{EVERYTHING}, {SETS[name].title}", Place(name, "dws", EVERYTHING)
    return [
        Target(row, "1.2 × cp -r", ours, 1.2, (Place(name, machine.NAME, machine.COPY_BESIDE),)),
        Target(row, "0.7 × git clone", ours, 0.7, (Place(name, "git", EVERYTHING),)),
    ]


def _sharing() -> list[Target]:
    rows = []
    for name in SETS:
        section = sharing.section(name)
        idle = Place(section, "dws", sharing.IDLE)
        for operation, beside, rule in (
            (sharing.PUSH, sharing.LASTING, "1.5 × lasting cp -r of packs + idle pull"),
            (sharing.CLONE, sharing.BOTH, "1.5 × cp -r of packs, files + idle pull"),
        ):
            row, ours = f"{operation}, {SETS[name].title}", Place(section, "dws", operation)
            rows.append(Target(row, rule, ours, 1.5, (Place(section, machine.NAME, beside),), idle))
            # A copy in memory takes less time than any command takes to start, so this can be met on slow disks only.
            copy = Place(section, machine.NAME, sharing.COPY)
            rows.append(Target(row, "1.5 × cp -r of packs", ours, 1.5, (copy,), aim=True))
    single, many = (Place(sharing.section(name), "dws", sharing.IDLE) for name in (LARGE, TINY))
    return [*rows, Target(f"{sharing.IDLE}, {SETS[TINY].title}", "1.3 × that of one file", many, 1.3, (single,), aim=True)]


def _buckets() -> list[Target]:
    def row(operation: str, rule: str, factor: float, program: str) -> Target:
        ours, beside = Place(s3.SECTION, "dws", operation), Place(s3.SECTION, program, operation)
        return Target(f"to a bucket: {operation}", rule, ours, factor, (beside,))

    return [
        row(s3.PUSH, "1.2 × rclone copy to the same server", 1.2, "rclone"),
        row(s3.READ, "1.2 × boto3's download_file", 1.2, "boto3"),
    ]


def _memory(section: str, name: str | None = None) -> Target:
    title = SETS[name or section].title
    row = f"peak memory, {'sharing ' if name else ''}{title}"
    files, ours = Place(section, machine.NAME, "tree", "files"), Place(section, "dws", "any", "peak")
    return Target(row, "150 MiB + 400 bytes a file", ours, 400, (files,), 150 * MIB)


def _linear(operation: str) -> Target:
    ten, hundred = (Place(growth.section(size), "local-files", operation) for size in (10_000, 100_000))
    return Target(f"{operation}, 100,000 files", "10 × that of 10,000", hundred, 10, (ten,))
