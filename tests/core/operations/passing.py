"""Steps and resources for the tests of lineage that crosses workspaces."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from dws_core import LineageBuilder
from dws_core.model.passing import Passing
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.init import init
from dws_core.operations.snapshot import Taken, snapshot
from dws_core.operations.status import status
from dws_core.registry import Registry
from dws_core.workspace import Workspace

from .conftest import Listener, make_caller, reopened

NAME = "lineage.json"


def make_workspace(directory: Path, registry: Registry, name: str) -> Workspace:
    """A workspace without git, with code and results."""
    directory.mkdir(parents=True)
    roles = [Role.CODE, Role.RESULTS]
    caller = replace(make_caller(directory), token=lambda: uuid4().hex)
    return init(directory, registry, caller, Listener(), name=name, backend="plain", roles=roles)


def add_exported(workspace: Workspace, name: str = "between", role: Role = Role.INTERMEDIATE_DATA) -> Resource:
    (workspace.root / name).mkdir(exist_ok=True)
    given: dict[str, Any] = {"local_path": str(workspace.root / name)}
    return add(reopened(workspace), "local-files", given, role=role, name=name, passing=Passing.EXPORT).resource


def add_imported(workspace: Workspace, directory: Path, name: str = "data") -> Resource:
    given: dict[str, Any] = {"local_path": str(directory)}
    return add(
        reopened(workspace),
        "local-files",
        given,
        role=Role.SOURCE_DATA,
        name=name,
        allow_outside=True,
        passing=Passing.IMPORTED,
    ).resource


def run_step(workspace: Workspace, name: str, *, reads: list[str], writes: str, text: str = "text") -> None:
    """A step that reads refs, and writes a text to a ref: to a file, or as a whole resource a file in it."""
    builder = LineageBuilder().with_step_name(name).with_workspace_directory(workspace.root)
    for ref in reads:
        builder.with_input_ref(ref)
    resource, _, path = writes.partition(":")
    if resource == "results":
        with builder.as_results_step("results").eval() as step:
            step.write_results({"text": text})
        return
    with builder.with_output_ref(writes).eval():
        (workspace.root / resource / (path or "whole.txt")).write_text(text)


def take(workspace: Workspace, tag: str | None = None, leave: tuple[str, ...] = ()) -> Taken:
    return snapshot(reopened(workspace), tag, leave=leave)


def states(workspace: Workspace) -> set[Any]:
    """How the resources stand to the last snapshot."""
    return {row[2] for row in status(reopened(workspace)).tables[0].rows}


def exported(directory: Path) -> Any:
    """What the lineage file in a directory says."""
    return json.loads((directory / NAME).read_text())


def steps_in(document: Any) -> list[str]:
    return [step["name"] for step in document["steps"]]
