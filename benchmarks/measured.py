"""Everything that one run measures, and keeps."""

import importlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from benchmarks import growth, history, machine, s3, sharing, startup
from benchmarks.clock import Figure
from benchmarks.programs import OURS, PEERS
from benchmarks.programs.program import MissingProgramError, Program
from benchmarks.sets import Run
from benchmarks.targets import HISTORY_SECTION, Outcome, outcomes


class Measured(TypedDict):
    """The numbers of a run, and whose they are."""

    commit: str
    quick: bool
    machine: dict[str, str | float | bool]
    peers: dict[str, str]
    sections: dict[str, dict[str, dict[str, Figure]]]
    targets: list[Outcome]


@dataclass(frozen=True)
class Wanted:
    """What is to be measured, and where."""

    directory: Path
    sets: Sequence[str]
    shared: Sequence[str]
    peers: Sequence[str]
    sizes: Sequence[int]
    types: Sequence[str]
    rounds: int
    snapshots: int
    patience: float
    path: str
    quick: bool
    s3: bool = False


def measure(wanted: Wanted) -> Iterator[Measured]:
    """Measure all that is wanted, and give what there is after each section; a peer that is not there is named, and left out."""
    peers, found = _find(wanted)
    # Named now, since who measures for an hour may go on working.
    measured = Measured(commit=commit(), quick=wanted.quick, machine={}, peers=peers, sections={}, targets=[])
    for name, section in _sections(wanted, [OURS, *found]):
        measured["sections"][name] = section
        measured["machine"] = machine.description(wanted.directory)
        measured["targets"] = outcomes(measured["sections"], reflinks=bool(measured["machine"]["reflinks"]))
        yield measured


def _sections(wanted: Wanted, programs: Sequence[type[Program]]) -> Iterator[tuple[str, dict[str, dict[str, Figure]]]]:
    """Measure one section after another."""
    run = Run(wanted.directory, programs, wanted.path, wanted.patience, wanted.quick, _tell)
    yield startup.SECTION, startup.startup(wanted.rounds, wanted.path)
    _tell(f"history of {wanted.snapshots:,} snapshots")
    yield HISTORY_SECTION, {OURS.name: history.history(wanted.snapshots, wanted.directory / "history")}
    for name in wanted.sets:
        yield name, run.measure(name)
    for name in wanted.shared:
        yield sharing.section(name), run.share(name)
    for size in wanted.sizes:
        _tell(f"growth, {size:,} files")
        yield growth.section(size), growth.growth(size, wanted.types, wanted.directory)
    if wanted.s3:
        yield s3.SECTION, _with_buckets(wanted)


def _with_buckets(wanted: Wanted) -> dict[str, dict[str, Figure]]:
    """Measure what is done with buckets, last: from here on this process is as large as boto3, and so is every peak."""
    stage, section = importlib.import_module("benchmarks.s3.stage"), importlib.import_module("benchmarks.s3.section")
    measured: dict[str, dict[str, Figure]] = section.measure(
        stage.Bench(wanted.directory, wanted.path, wanted.patience, wanted.quick, _tell)
    )
    return measured


def commit() -> str:
    """Name the state of the code that is measured."""
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unversioned"


def _find(wanted: Wanted) -> tuple[dict[str, str], list[type[Program]]]:
    """Find the peers: what each says of itself, or why it is left out; and those that are there."""
    said, found = {}, []
    for peer in PEERS:
        try:
            program = peer.find(wanted.path)
        except MissingProgramError as missing:
            said[peer.name] = f"skipped: {missing}"
            continue
        if peer.name not in wanted.peers:
            said[peer.name] = "skipped: not asked for"
            continue
        version = subprocess.run([program, *peer.version], capture_output=True, text=True, check=False)
        said[peer.name] = (version.stdout + version.stderr).strip().splitlines()[0]
        found.append(peer)
    return said, found


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
