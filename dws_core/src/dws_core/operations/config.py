"""Show or change a setting of the workspace or of a resource."""

import json
from collections.abc import Mapping

from dws_core.errors import InvalidSettingError, PathMissingError
from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.undo import State
from dws_core.plugin.settings import Scope, Setting, Settings
from dws_core.workspace import WORKSPACE, Workspace, WorkspaceSettings, bring, changing, check_place


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
    key = (target.id if target else WORKSPACE, setting.name)
    wanted = State(shared={key: value}) if setting.scope is Scope.SHARED else State(own={key: value})
    what = f"{setting.name} of {target.name if target else 'the workspace'}: {json.dumps(value)}"
    with changing(workspace, "config") as operation:
        bring(workspace, operation, wanted, what)


def _place(workspace: Workspace, target: Resource | None, text: str) -> str:
    path = workspace.caller.place(text).resolve()
    if not path.is_dir():
        raise PathMissingError(path)
    check_place(workspace, path, of=target.id if target else "")
    return path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else str(path)
