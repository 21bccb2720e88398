"""A step while it runs: a context manager that records what the step reads, writes and achieves."""

import hashlib
import os
import time
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from dws_core.errors import DwsError
from dws_core.lineage.consistency import check_step
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
        self._keep()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
            self.complete()
        else:
            self.abort()

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
        """Write `results.json` to the results resource, and answer its path; None where the step has no such place.

        `seconds` is the time it took, where that is not all the time since it began.
        FileAccessError names the file if it cannot be written: it is what the user asked for, not bookkeeping.
        """
        if self._results is None:
            self._trouble("it is no results step, so its metrics have no place: make it one with `as_results_step`")
            return None
        type_ = self._workspace.open_resource(self._workspace.resource(self._results.name))
        if type_.local_path is None:
            self._trouble(f"the results resource {self._results.name!r} has no local directory for its metrics")
            return None
        directory = type_.local_path / self._results.subpath
        path = write_results_file(directory, self._step, self._elapsed() if seconds is None else seconds, metrics)
        name = path.relative_to(type_.local_path).as_posix()
        self._change(results_file={"name": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()})
        return path

    def complete(self, *, seconds: float | None = None) -> None:
        """Record that the step is done, and the versions of all that it wrote; may be called again."""
        outputs = tuple(replace(edge, version=version_or_unknown(self._workspace, edge.ref)) for edge in self._step.outputs)
        self._change(state=State.COMPLETE, duration=self._elapsed() if seconds is None else seconds, outputs=outputs)

    def abort(self) -> None:
        """Record that the step failed: what it wrote is unknown."""
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
        self._step = replace(self._step, **changes)  # type: ignore[arg-type]  # the names are this class's own
        self._keep()

    def _keep(self) -> None:
        try:
            self._workspace.steps.write(self._step)
        except DwsError as error:
            warnings.warn(f"the step {self._step.name!r} cannot be recorded: {error.message}", RuntimeWarning, stacklevel=4)
