"""Make a workspace."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dws_core.errors import (
    FileAccessError,
    NestedWorkspaceError,
    PathMissingError,
    PathRefusedError,
    UnknownNameError,
    WorkspaceExistsError,
)
from dws_core.journal import Journal, write_whole
from dws_core.model.codec import Json, dump
from dws_core.model.names import check_name
from dws_core.model.role import Role
from dws_core.plugin.context import Progress
from dws_core.plugin.descriptors import BackendDescriptor
from dws_core.plugin.settings import Scope, Settings
from dws_core.registry import Provided, Registry
from dws_core.workspace import (
    METADATA,
    WORKSPACE,
    Addition,
    Caller,
    Description,
    Layout,
    Operation,
    Workspace,
    WorkspaceSettings,
    add_resource,
    changing,
    find_root,
    prepare_addition,
    suggest_name,
)


def init(
    directory: Path,
    registry: Registry,
    caller: Caller,
    progress: Progress,
    *,
    name: str | None = None,
    roles: Sequence[Role] = (),
    own: Mapping[str, Json] | None = None,
    backend: str | None = None,
    given: Mapping[str, Json] | None = None,
) -> Workspace:
    """Make a workspace at `directory`, with a resource for each of the roles; a failure leaves nothing behind.

    `own` are settings of the workspace that this clone keeps for itself, `given` those of its backend.
    """
    root = directory.resolve()
    _check_place(root)
    provided = _choose_backend(registry, backend)
    registry.load(provided, provided.descriptor.implementation).check_init(root)
    settings = _settings_of(registry, provided, given or {})
    name = check_name("workspace", name or suggest_name(root.name))
    WorkspaceSettings.from_json(own or {})
    there = set(root.iterdir())
    description = Description(caller.token(), name, provided.descriptor.name, provided.plugin.distribution, caller.timestamp())
    try:
        Layout(root).local.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(Layout(root).description, dump(description.to_json()))
        workspace = Workspace(root, registry, caller, progress)
        with changing(workspace, "init") as operation:
            workspace.clone_settings.change({(WORKSPACE, key): value for key, value in (own or {}).items()})
            _fill(workspace, operation, provided.descriptor.resource_type, roles, settings)
    except BaseException:
        for path in set(root.iterdir()) - there:
            shutil.rmtree(path, ignore_errors=True)
        raise
    return workspace


def _check_place(root: Path) -> None:
    if not root.is_dir():
        raise PathMissingError(root)
    if Layout(root).description.is_file():
        pending = Journal(Layout(root).journal).read()
        if pending is None or pending.get("verb") != "init":
            raise WorkspaceExistsError(root)
        shutil.rmtree(root / METADATA)  # an `init` that was killed: nothing but its own files is there
    outer = find_root(root.parent) if root.parent != root else None
    if outer is not None:
        raise NestedWorkspaceError(root, outer)


def _choose_backend(registry: Registry, wanted: str | None) -> Provided[BackendDescriptor]:
    if wanted is not None:
        return registry.find("backend", registry.backends, wanted)
    if not registry.backends:
        raise UnknownNameError("backend", "plain")
    return max(registry.backends.values(), key=lambda each: each.descriptor.preference)


def _settings_of(registry: Registry, provided: Provided[BackendDescriptor], given: Mapping[str, Json]) -> Settings:
    """Make the settings of a backend; UnknownNameError for one that it does not have."""
    declared: type[Settings] = registry.load(provided, provided.descriptor.settings)
    for name in given:
        declared.find(name)
    return declared.from_json(given)


def _fill(workspace: Workspace, operation: Operation, type_name: str, roles: Sequence[Role], settings: Settings) -> None:
    workspace.backend.init()
    additions: list[Addition] = []
    for role in dict.fromkeys(roles):
        additions.append(_prepare(workspace, type_name, role, additions))
    files = [workspace.root / path for path in workspace.backend.set_up(settings)]
    add_resource(workspace, operation, additions, f"Make the workspace {workspace.name}", files=files)


def _prepare(workspace: Workspace, type_name: str, role: Role, beside: Sequence[Addition]) -> Addition:
    path = workspace.root / role.value
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise PathRefusedError(path, "it is there, and is no directory")
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise FileAccessError(path, error) from error
    provided = workspace.registry.resource_type(type_name)
    declared: Any = workspace.registry.load(provided, provided.descriptor.settings)
    (place,) = [each.name for each in declared.declared() if each.scope is Scope.PLACE]
    return prepare_addition(workspace, type_name, {place: str(path)}, role, name=role.value, beside=beside)
