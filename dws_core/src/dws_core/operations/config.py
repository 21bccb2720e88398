"""Show or change a setting of the workspace or of a resource."""

from collections.abc import Mapping
from pathlib import Path

from dws_core.errors import InvalidSettingError, PathMissingError
from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.plugin.settings import Scope, Setting, Settings
from dws_core.workspace import Workspace, WorkspaceSettings, changing, check_place

WORKSPACE = "workspace"


def config(workspace: Workspace, *, resource: str | None = None, name: str | None = None, value: str | None = None) -> Report:
    """Show all settings, or one, or give one a value; a value for this clone alone is kept in this clone alone."""
    target = workspace.resource(resource) if resource is not None else None
    declared: type[Settings] = workspace.settings_type(target) if target else WorkspaceSettings
    if name is not None and value is not None:
        _change(workspace, target, declared.find(name), value)
    shown = declared.declared() if name is None else (declared.find(name),)
    values = _values(workspace, target)
    rows = [(each.name, values.get(each.name), each.scope.value, each.help) for each in shown]
    title = f"Settings of {f'resource {target.name}' if target else f'workspace {workspace.name}'}"
    return Report("config", (title,), (Table(("Setting", "Value", "Scope", "Meaning"), rows),))


def _values(workspace: Workspace, target: Resource | None) -> Mapping[str, Json]:
    return workspace.parameters(target) if target else workspace.settings.to_json()


def _change(workspace: Workspace, target: Resource | None, setting: Setting, text: str) -> None:
    unknown_place = setting.scope is Scope.PLACE and setting.name not in _values(workspace, target)
    if setting.hidden or not (setting.editable or unknown_place):
        raise InvalidSettingError(setting.name, text, "no new value: it is fixed when the resource is added")
    value = setting.read(text)
    if setting.scope is Scope.PLACE:
        value = _place(workspace, target, text)
    declared: type[Settings] = workspace.settings_type(target) if target else WorkspaceSettings
    declared.from_json({**_values(workspace, target), setting.name: value})
    with changing(workspace, "config") as operation:
        if setting.scope is not Scope.SHARED and target:
            workspace.clone_settings.set_for_resource(target.id, {setting.name: value})
        elif setting.scope is Scope.CLONE:
            workspace.clone_settings.set_for_workspace({setting.name: value})
        else:
            workspace.backend.check()
            change = {
                "target": target.id if target else WORKSPACE,
                "name": setting.name,
                "value": value,
                "time": workspace.caller.timestamp(),
            }
            operation.record(f"Set {setting.name} of {target.name if target else 'the workspace'}", [("settings", change)])


def _place(workspace: Workspace, target: Resource | None, text: str) -> str:
    path = (workspace.caller.cwd / Path(text).expanduser()).resolve()
    if not path.is_dir():
        raise PathMissingError(path)
    check_place(workspace, path, of=target.id if target else "")
    return path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else str(path)
