"""Builds the record of a step before it runs."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from dws_core.errors import DwsError, NoNotebookError, NotAResultsResourceError, OutsideResourcesError
from dws_core.lineage.consistency import check_step
from dws_core.lineage.invocation import describe_command_line, describe_script
from dws_core.lineage.places import declare_version, find_workspace, ref_of_path, version_of, version_or_unknown
from dws_core.lineage.plain import plain_parameters
from dws_core.lineage.running import RunningStep
from dws_core.model.lineage import Lineage
from dws_core.model.role import Role
from dws_core.model.step import Edge, Known, ResourceRef, State, Step
from dws_core.workspace import Workspace

INTERACTIVE = "interactive"
Path_ = str | os.PathLike[str]


class LineageBuilder:
    """Say what a step is, reads and writes, then `eval()` it; everything is checked there, before the step runs.

    The step's name is the script's, or the notebook's, unless `with_step_name` gives one; at a plain prompt it is
    `interactive`. The script or notebook is recorded as its code, whatever its name.
    """

    def __init__(self) -> None:
        self._name: str | None = None
        self._is_script = False
        self._is_notebook = False
        self._parameters: dict[str, object] = {}
        self._inputs: list[tuple[ResourceRef | str | Path, str | None]] = []
        self._outputs: list[ResourceRef | str | Path] = []
        self._code: list[ResourceRef | str | Path] = []
        self._results: Path_ | ResourceRef | None = None
        self._description: str | None = None
        self._directory: Path_ | None = None

    def as_script_step(self) -> Self:
        """Name the step after the script that runs, even where a notebook runs it."""
        self._is_script, self._is_notebook = True, False
        return self

    def as_notebook_step(self) -> Self:
        """Name the step after the notebook that runs; without one, `eval` raises NoNotebookError unless a name is given."""
        self._is_script, self._is_notebook = False, True
        return self

    def with_step_name(self, name: str) -> Self:
        """Name the step."""
        self._name = name
        return self

    def with_parameters(self, parameters: Mapping[str, object]) -> Self:
        """Record parameters; any value will do."""
        self._parameters.update(parameters)
        return self

    def with_input_path(self, path: Path_) -> Self:
        """Say that the step reads what lies at a path inside a resource."""
        self._inputs.append((Path(path), None))
        return self

    def with_input_paths(self, paths: Iterable[Path_]) -> Self:
        """Say that the step reads what lies at these paths."""
        for path in paths:
            self.with_input_path(path)
        return self

    def with_input_ref(self, ref: ResourceRef | str, version: str | None = None) -> Self:
        """Say that the step reads a resource (`name` or `name:sub/path`), at the version it has now or the one given."""
        self._inputs.append((ref, version))
        return self

    def with_no_inputs(self) -> Self:
        """Say that the step reads no resource."""
        self._inputs.clear()
        return self

    def with_output_path(self, path: Path_) -> Self:
        """Say that the step writes what will lie at a path inside a resource."""
        self._outputs.append(Path(path))
        return self

    def with_output_ref(self, ref: ResourceRef | str) -> Self:
        """Say that the step writes a resource, or a part of it."""
        self._outputs.append(ref)
        return self

    def with_code_path(self, path: Path_) -> Self:
        """Say that the step runs code that lies at a path inside a resource."""
        self._code.append(Path(path))
        return self

    def with_code_ref(self, ref: ResourceRef | str) -> Self:
        """Say that the step runs code of a resource."""
        self._code.append(ref)
        return self

    def with_workspace_directory(self, directory: Path_) -> Self:
        """Say where the workspace is, if it is not the one that holds the current directory."""
        self._directory = directory
        return self

    def as_results_step(self, results: Path_ | ResourceRef, run_description: str | None = None) -> Self:
        """Say that the step writes results to a directory of a results resource, so that `write_results` knows where."""
        self._results = results
        self._description = run_description
        return self

    def eval(self) -> RunningStep:
        """Check everything and begin the step; a DwsError tells what is wrong, and then nothing is recorded.

        TwoVersionsError and OverlappingOutputsError are the two rules of consistency.
        """
        workspace = find_workspace(self._directory)
        results = self._results_ref(workspace)
        outputs = [_as_ref(workspace, each) for each in self._outputs] + ([results] if results else [])
        name, script, is_program = self._find_code(workspace)
        step = Step(
            id=workspace.caller.token(),
            name=name,
            start=workspace.caller.timestamp(),
            state=State.RUNNING,
            parameters=plain_parameters(self._parameters),
            inputs=tuple(_input_edge(workspace, ref, version) for ref, version in self._inputs),
            outputs=tuple(Edge(ref, None) for ref in dict.fromkeys(outputs)),
            code=self._code_edges(workspace, script),
            script=describe_script(script),
            command_line=describe_command_line(sys.argv, workspace.root) if is_program else (),
            run_description=self._description,
        )
        check_step(Lineage.of((*workspace.steps.current().steps, step)), step)
        return RunningStep(workspace, step, results)

    def _find_code(self, workspace: Workspace) -> tuple[str, Path | None, bool]:
        """Find the step's name, the script or notebook that runs, and whether that is a program with a command line."""
        main = getattr(sys.modules.get("__main__"), "__file__", None)
        script = Path(main).resolve() if main and Path(main).is_file() else None  # code that is piped in has a name, and no file
        context = None if self._is_script and script else workspace.registry.step_context()
        if context is not None:
            return self._name or context.name, Path(context.path) if context.path else None, False
        if self._is_notebook and self._name is None:
            raise NoNotebookError(script.name if script else "a Python prompt")
        return self._name or (script.stem if script else INTERACTIVE), script, script is not None

    def _results_ref(self, workspace: Workspace) -> ResourceRef | None:
        if self._results is None:
            return None
        ref = _results_place(workspace, self._results)
        resource = workspace.resource(ref.name)
        if resource.role is not Role.RESULTS:
            raise NotAResultsResourceError(resource.name, resource.role)
        return ref

    def _code_edges(self, workspace: Workspace, script: Path | None) -> tuple[Edge, ...]:
        refs = [_as_ref(workspace, each) for each in self._code]
        edges = [Edge(ref, version_of(workspace, ref), Known.DECLARED) for ref in refs]
        if script is not None:
            try:
                found = ResourceRef(ref_of_path(workspace, script).name)
            except DwsError:
                return tuple(edges)  # a script outside every resource is known by its hash alone
            if all(edge.ref != found for edge in edges):
                edges.append(Edge(found, version_or_unknown(workspace, found), Known.INFERRED))
        return tuple(edges)


def _as_ref(workspace: Workspace, given: ResourceRef | str | Path) -> ResourceRef:
    if isinstance(given, Path):
        return ref_of_path(workspace, given)
    ref = ResourceRef.of(given) if isinstance(given, str) else given
    return ResourceRef(workspace.resource(ref.name).name, ref.subpath)


def _input_edge(workspace: Workspace, given: ResourceRef | str | Path, version: str | None) -> Edge:
    ref = _as_ref(workspace, given)
    return Edge(ref, version_of(workspace, ref) if version is None else declare_version(workspace, ref, version))


def _results_place(workspace: Workspace, given: Path_ | ResourceRef) -> ResourceRef:
    """Take a path, or else the name of a results resource, as it is meant by a program that runs elsewhere."""
    if isinstance(given, ResourceRef):
        return given
    try:
        found = ref_of_path(workspace, given)
    except OutsideResourcesError:
        found = None
    if isinstance(given, str) and (found is None or workspace.resource(found.name).role is not Role.RESULTS):
        names = [each.name for each in workspace.resources if each.role is Role.RESULTS]
        if given.partition(":")[0] in names:
            return ResourceRef.of(given)
    if found is None:
        raise OutsideResourcesError(given)
    return found
