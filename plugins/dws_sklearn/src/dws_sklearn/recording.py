"""What one wrapped estimator records: a step of the lineage, the model file and the results file."""

import os
import time
import warnings
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import joblib

from dws_core import LineageBuilder, ResourceRef, Role, RunningStep, filesystem, find_workspace
from dws_core.errors import NoWorkspaceError
from dws_core.model.names import check_relative
from dws_sklearn.errors import NoPlaceForResultsError

Inputs = ResourceRef | str | Iterable[ResourceRef | str] | None
_warned = False


class Recording:
    """One run, from its fit to its last score; time counts only while a `with` block of it runs."""

    def __init__(self, step: RunningStep, results: ResourceRef, files: Any) -> None:
        self._step = step
        self._results = results
        self._files = files
        self._seconds = 0.0
        self._began = 0.0

    @classmethod
    def begin(
        cls,
        parameters: Mapping[str, Any],
        inputs: Inputs,
        results: ResourceRef | str | None,
        workspace_dir: str | os.PathLike[str] | None,
    ) -> Self | None:
        """Begin a step; None, with one warning for the whole program, where there is no workspace."""
        try:
            workspace = find_workspace(workspace_dir)
        except NoWorkspaceError as error:
            _warn_once(error.message)
            return None
        ref = _results_ref(results, [each.name for each in workspace.resources if each.role is Role.RESULTS])
        builder = LineageBuilder().with_parameters(parameters).as_results_step(ref).with_workspace_directory(workspace.root)
        for each in _listed(inputs):
            builder.with_input_ref(each)
        files = filesystem(ref.name, workspace_dir=workspace.root)
        return cls(builder.eval(), ref, files)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._seconds += time.monotonic() - self._began
        if kind is None:
            self._step.complete(seconds=self._seconds)
        else:
            self._step.abort()

    def add_parameter(self, name: str, value: object) -> None:
        """Record what was found out while it ran."""
        self._step.add_param(name, value)

    def save_model(self, model: object, file: str) -> None:
        """Save a model with joblib below the results directory, whole or not at all."""
        path = "/".join(filter(None, [self._results.subpath, check_relative(file)]))
        with self._files.open(path, "wb") as written:
            joblib.dump(model, written)

    def write(self, metrics: Mapping[str, Any]) -> None:
        """Write the results file, in place of an earlier one of this run, and say where it is."""
        self._step.write_results(metrics, seconds=self._seconds + time.monotonic() - self._began)
        print(f"Wrote results to {self._results.name}:{self._step.step.results_file['name']}")  # noqa: T201  # users of a notebook look for this line


def _results_ref(given: ResourceRef | str | None, names: list[str]) -> ResourceRef:
    if isinstance(given, ResourceRef):
        return given
    if given is not None:
        return ResourceRef.of(given)
    if len(names) != 1:
        raise NoPlaceForResultsError(names)
    return ResourceRef(names[0])


def _listed(inputs: Inputs) -> list[ResourceRef | str]:
    if inputs is None:
        return []
    return [inputs] if isinstance(inputs, ResourceRef | str) else list(inputs)


def _warn_once(reason: str) -> None:
    global _warned  # noqa: PLW0603  # once a program, however many estimators it has
    if not _warned:
        _warned = True
        warnings.warn(f"nothing is recorded: {reason}", UserWarning, stacklevel=4)
