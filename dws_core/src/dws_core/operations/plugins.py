"""List the plugins, and choose which are imported."""

from collections.abc import Mapping, Sequence
from typing import Any

from dws_core.errors import DwsError, UnknownNameError
from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.registry import Plugin, PluginState, Provided, Registry, read_choices, write_choices

_COLUMNS = ("Plugin", "Distribution", "Version", "State", "Gives", "Remark")


def list_plugins(registry: Registry) -> Report:
    """Tell of each plugin where it is from, what it gives, and what is wrong with it."""
    gives = {plugin: registry.gives(plugin) for plugin in registry.plugins}  # asking may find that one is broken
    rows: list[tuple[Json, ...]] = [_row(plugin, gives.get(plugin, ())) for plugin in registry.plugins]
    facts: dict[str, Json] = {"warnings": [*registry.warnings]}
    return Report("plugins", ("Plugins",), (Table(_COLUMNS, rows),), facts=facts)


def disable_plugins(registry: Registry, environ: Mapping[str, str], names: Sequence[str]) -> tuple[str, ...]:
    """Have these plugins never imported again; answers all that are disabled. UnknownNameError changes nothing."""
    known = {plugin.name for plugin in registry.plugins}
    for name in names:
        if name not in known:
            raise UnknownNameError("plugin", name, known)
    disabled = read_choices(environ) | set(names)
    write_choices(environ, disabled)
    return tuple(sorted(disabled))


def enable_plugins(
    registry: Registry, environ: Mapping[str, str], names: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Have these plugins imported again; answers all that stay disabled, and remarks."""
    chosen = read_choices(environ)
    known = {plugin.name for plugin in registry.plugins} | chosen
    for name in names:
        if name not in known:
            raise UnknownNameError("plugin", name, known)
    write_choices(environ, chosen - set(names))
    elsewhere = [
        plugin.name
        for plugin in registry.plugins
        if plugin.name in names and plugin.state is PluginState.DISABLED and plugin.name not in chosen
    ]
    remarks = (f"{name} stays disabled: DWS_DISABLE_PLUGINS or --no-plugins says so" for name in elsewhere)
    return tuple(sorted(chosen - set(names))), tuple(remarks)


def diagnose_plugins(registry: Registry) -> Report:
    """Import everything that the plugins bring, and tell what fails."""
    rows: list[tuple[Json, ...]] = []
    for kind, all_of in (
        ("resource type", registry.resource_types),
        ("backend", registry.backends),
        ("report", registry.reports),
        ("report format", registry.report_formats),
    ):
        for name, provided in all_of.items():
            problem = _problem(registry, provided)
            rows.append((provided.plugin.name, provided.plugin.distribution, f"{kind} {name}", problem or "ok"))
    broken = [(plugin.name, plugin.distribution, "the plugin", plugin.reason) for plugin in registry.plugins if plugin.reason]
    healthy = not broken and all(row[-1] == "ok" for row in rows)
    closing = "Every plugin is well." if healthy else "Remove a broken one with the command that `dws plugins list` shows."
    table = Table(("Plugin", "Distribution", "Gives", "Finding"), [*broken, *rows])
    return Report("plugins doctor", ("Plugins, everything imported",), (table,), (closing,), {"healthy": healthy})


def _row(plugin: Plugin, gives: Sequence[str]) -> tuple[Json, ...]:
    remark = f"{plugin.reason}; remove it with `{plugin.removal}`" if plugin.state is PluginState.BROKEN else ""
    return (plugin.name, plugin.distribution, plugin.version, plugin.state.value, _grouped(gives), remark)


def _grouped(gives: Sequence[str]) -> str:
    """Name each kind once: `report: history, status; command: hello`."""
    kinds: dict[str, list[str]] = {}
    for kind, _, name in (each.rpartition(" ") for each in gives):
        kinds.setdefault(kind, []).append(name)
    return "; ".join(f"{kind}: {', '.join(names)}" for kind, names in kinds.items())


def _problem(registry: Registry, provided: Provided[Any]) -> str:
    for attribute in ("implementation", "settings"):
        reference = getattr(provided.descriptor, attribute, None)
        if isinstance(reference, str):
            try:
                registry.load(provided, reference)
            except DwsError as error:
                return error.message
    return ""
