"""A step while it runs: a context manager that records what the step reads, writes and achieves."""

import os
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Token
from dataclasses import replace
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from dws_core.errors import DwsError
from dws_core.lineage.consistency import check_step
from dws_core.lineage.current import Running
from dws_core.lineage.observed import Identify, Observed
from dws_core.lineage.places import declare_version, ref_of_path, version_or_unknown
from dws_core.lineage.plain import plain_parameter
from dws_core.lineage.results_file import write_results_file
from dws_core.model.lineage import Lineage
from dws_core.model.step import Edge, Known, ResourceRef, State, Step
from dws_core.workspace import Workspace


class RunningStep:
    """One run of a step, made by `LineageBuilder.eval`.

    Used as a context manager it completes the step, or marks what it wrote as unknown where the block raises. It never
    raises for reasons of its own bookkeeping: what goes wrong there is a warning, and a snapshot refuses the step by name.
    """

    def __init__(self, workspace: Workspace, step: Step, results: ResourceRef | None) -> None:
        self._workspace = workspace
        self._step = step
        self._results = results
        self._began = time.monotonic()
        self._reads, self._writes = Observed(), Observed()
        self._written: set[ResourceRef] = set()
        self._kept = (0, self._began)
        self._entered: Token[tuple[RunningStep, ...]] | None = None
        self._lock = RLock()
        self._keep()

    def __enter__(self) -> Self:
        self._entered = _RUNNING.enter(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._entered is not None:
            _RUNNING.leave(self, self._entered)
        if kind is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
            self.complete()
        else:
            self.abort()

    @property
    def root(self) -> Path:
        """The top of its workspace."""
        return self._workspace.root

    @property
    def step(self) -> Step:
        """The step as it is recorded so far."""
        return self._step

    def add_param(self, name: str, value: object) -> None:
        """Record a parameter; any value will do."""
        self._change(parameters={**self._step.parameters, name: plain_parameter(name, value)})

    def add_input_path(self, path: str | os.PathLike[str]) -> None:
        """Record that the step reads what lies at a path."""
        self._add("inputs", self._ref(path))

    def add_input_ref(self, ref: ResourceRef | str, version: str | None = None) -> None:
        """Record that the step reads a resource, or a part of it, at the version it has now or the one given."""
        self._add("inputs", ref, version)

    def add_output_path(self, path: str | os.PathLike[str]) -> None:
        """Record that the step writes what lies, or will lie, at a path."""
        self._add("outputs", self._ref(path))

    def add_output_ref(self, ref: ResourceRef | str, version: str | None = None) -> None:
        """Record that the step writes a resource, or a part of it; a version is given where the type cannot tell it."""
        self._add("outputs", ref, version)

    def write_results(self, metrics: Mapping[str, object], *, seconds: float | None = None) -> Path | None:
        """Write `results.json` to the results resource, and answer its path; None where it has none on this machine.

        Where the step has no results resource, nothing is written. `seconds` is the time it took, where that is not all the
        time since it began. FileAccessError names the file if it cannot be written: it is what the user asked for, not
        bookkeeping.
        """
        if self._results is None:
            self._trouble("it is no results step, so its metrics have no place: make it one with `as_results_step`")
            return None
        type_ = self._workspace.open_resource(self._workspace.resource(self._results.name))
        duration = self._elapsed() if seconds is None else seconds
        written = write_results_file(type_.files(), self._results.subpath, self._step, duration, metrics)
        self._change(results_file=written)
        return None if type_.local_path is None else type_.local_path / str(written["name"])

    def observe_read(self, ref: ResourceRef, identify: Identify, origin: str = "") -> None:
        """Record that a file was seen to be read, unless the step itself wrote it, or says already that it reads it.

        `identify` gives the version of what lies at a path of the resource; `origin` names the snapshot that it was read in.
        """
        with self._observing():
            if not origin and (ref in self._written or self._says(self._step.inputs, ref)):
                return
            if self._reads.add(ref, origin, identify):
                self._keep_now_and_then()

    def observe_write(self, ref: ResourceRef) -> None:
        """Record that a file is about to be written, unless the step says already that it writes it."""
        with self._observing():
            self._written.add(ref)
            if not self._says(self._step.outputs, ref) and self._writes.add(ref):
                self._keep_now_and_then()

    def observe_removal(self, ref: ResourceRef) -> None:
        """Forget that a file was written, since it is there no more."""
        with self._observing():
            self._written.discard(ref)
            self._writes.discard(ref)

    def complete(self, *, seconds: float | None = None) -> None:
        """Record that the step is done, and the versions of all that it wrote; may be called again."""
        self._take_observed()
        outputs = tuple(replace(edge, version=version_or_unknown(self._workspace, edge.ref)) for edge in self._step.outputs)
        self._change(state=State.COMPLETE, duration=self._elapsed() if seconds is None else seconds, outputs=outputs)
        if len(self._reads) + len(self._writes) and not self._step.problem:
            self._check()

    def abort(self) -> None:
        """Record that the step failed: what it wrote is unknown."""
        self._take_observed()
        outputs = tuple(replace(edge, version=None) for edge in self._step.outputs)
        self._change(state=State.FAILED, duration=self._elapsed(), outputs=outputs)

    def _elapsed(self) -> float:
        return round(time.monotonic() - self._began, 6)

    def _ref(self, path: str | os.PathLike[str]) -> ResourceRef | None:
        try:
            return ref_of_path(self._workspace, path)
        except (DwsError, OSError) as error:
            self._trouble(str(error))
            return None

    def _add(self, which: str, ref: ResourceRef | str | None, version: str | None = None) -> None:
        if ref is None:
            return
        try:
            found = ResourceRef.of(ref) if isinstance(ref, str) else ref
            self._workspace.resource(found.name)
        except (DwsError, AttributeError) as error:
            self._trouble(str(error))
            return
        known: tuple[Edge, ...] = getattr(self._step, which)
        if any(edge.ref == found for edge in known):
            return
        if version is not None:
            version = self._declare(found, version)
        elif which == "inputs":
            version = version_or_unknown(self._workspace, found)
        self._change(**{which: (*known, Edge(found, version, Known.DECLARED))})
        self._check()

    @contextmanager
    def _observing(self) -> Iterator[None]:
        """Look on, from any thread; whatever goes wrong, the user's own code goes on."""
        with self._lock:
            try:
                yield
            except Exception as error:  # a type may be anybody's
                self._trouble(f"what it reads and writes could not be observed: {error}")

    def _says(self, edges: Iterable[Edge], ref: ResourceRef) -> bool:
        return any(edge.known is not Known.OBSERVED and edge.ref.holds(ref) for edge in edges)

    def _keep_now_and_then(self) -> None:
        """Record what was observed each time it is twice as much, or a second later: each time would cost the square of it."""
        count, then = self._kept
        if len(self._reads) + len(self._writes) >= 2 * count or time.monotonic() - then > 1:
            self._take_observed()
            if not self._step.problem:
                self._check()
            self._keep()

    def _take_observed(self) -> None:
        with self._lock:
            inputs, outputs = (
                [edge for edge in edges if edge.known is not Known.OBSERVED] for edges in (self._step.inputs, self._step.outputs)
            )
            inputs += self._reads.edges(beside=inputs)
            outputs += self._writes.edges(beside=outputs)
            self._step = replace(self._step, inputs=tuple(inputs), outputs=tuple(outputs))
            self._kept = (len(self._reads) + len(self._writes), time.monotonic())

    def _declare(self, ref: ResourceRef, version: str) -> str:
        try:
            return declare_version(self._workspace, ref, version)
        except Exception as error:  # the type may be anybody's: whatever it raises, the user's own code goes on
            self._trouble(str(error))
            return version

    def _check(self) -> None:
        try:
            others = [step for step in self._workspace.steps.read().current().steps if step.id != self._step.id]
            check_step(Lineage.of((*others, self._step)), self._step)
        except DwsError as error:
            self._trouble(error.message)

    def _trouble(self, reason: str) -> None:
        """Note that the lineage of this step cannot be trusted; the user's own code goes on."""
        self._change(problem=reason)
        warnings.warn(f"the lineage of step {self._step.name!r} is inconsistent: {reason}", RuntimeWarning, stacklevel=4)

    def _change(self, **changes: object) -> None:
        with self._lock:
            self._step = replace(self._step, **changes)  # type: ignore[arg-type]  # the names are this class's own
            self._keep()

    def _keep(self) -> None:
        try:
            self._workspace.steps.write(self._step)
        except DwsError as error:
            warnings.warn(f"the step {self._step.name!r} cannot be recorded: {error.message}", RuntimeWarning, stacklevel=4)


def running_steps(workspace: Workspace) -> tuple[RunningStep, ...]:
    """Name the steps of a workspace that what is read and written here counts for."""
    return tuple(step for step in _RUNNING.now() if step.root == workspace.root)


_RUNNING: Running[RunningStep] = Running()
