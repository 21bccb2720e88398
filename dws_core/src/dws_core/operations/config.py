"""Show or change a setting of the workspace or of a resource."""

import json
from collections.abc import Mapping

from dws_core.errors import InvalidSettingError, PathMissingError
from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.undo import Key, State
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.settings import Scope, Setting, Settings
from dws_core.workspace import ORIGINS, WORKSPACE, Workspace, WorkspaceSettings, bring, changing, check_place


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
    checked = declared.from_json({**_values(workspace, target), setting.name: value})
    key = (target.id if target else WORKSPACE, setting.name)
    own = _accepted(workspace, target, checked)
    wanted = State(shared={key: value}, own=own) if setting.scope is Scope.SHARED else State(own={**own, key: value})
    what = f"{setting.name} of {target.name if target else 'the workspace'}: {json.dumps(value)}"
    with changing(workspace, "config") as operation:
        bring(workspace, operation, wanted, what)


def _accepted(workspace: Workspace, target: Resource | None, settings: Settings) -> dict[Key, Json]:
    """Whoever says here where a resource lies says that this clone may contact that place, if it might contact the one before."""
    if target is None or not {Capability.REMOTE, Capability.ORIGIN} & workspace.capabilities(target):
        return {}
    before, after = (each.origin for each in (workspace.open_resource(target), workspace.make_resource(target, settings)))
    was_accepted = workspace.clone_settings.of(ORIGINS).get(target.id) == before
    return {(ORIGINS, target.id): after} if was_accepted and before != after else {}


def _place(workspace: Workspace, target: Resource | None, text: str) -> str:
    path = workspace.caller.place(text).resolve()
    if not path.is_dir():
        raise PathMissingError(path)
    check_place(workspace, path, of=target.id if target else "")
    return path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else str(path)
