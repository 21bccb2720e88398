"""The plugins at work: each loaded alone, each asked alone."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import ModuleType
from typing import Any, Self, TypeVar

import pluggy

from dws_core.errors import DwsError, PluginClashError, PluginFailedError, UnknownNameError
from dws_core.model.names import check_name
from dws_core.plugin import hookspecs
from dws_core.plugin.descriptors import (
    BackendDescriptor,
    KitDescriptor,
    ReportDescriptor,
    ReportFormatDescriptor,
    ResourceTypeDescriptor,
    StepContext,
    StoreDescriptor,
)
from dws_core.plugin.hookspecs import API_VERSION, PROJECT
from dws_core.registry.choices import named_in_environment
from dws_core.registry.discovery import find_plugins
from dws_core.registry.plugin import Plugin, PluginState, Provided

D = TypeVar("D")


@dataclass(frozen=True)
class PluginCommand:
    """A command that a plugin adds to `dws`; `target` is `module:attribute`."""

    name: str
    help: str
    target: str


class _GivenCommands:
    def __init__(self) -> None:
        self.commands: list[PluginCommand] = []

    def add(self, name: str, help: str, target: str) -> None:
        self.commands.append(PluginCommand(name, help, target))


class Registry:
    """What the installed plugins bring, found on first use."""

    def __init__(self, plugins: Sequence[Plugin], *, disabled: frozenset[str] = frozenset(), strict: bool = False) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._strict = strict
        self._plugins: dict[tuple[str, str], Plugin] = {}
        self._modules: dict[tuple[str, str], ModuleType] = {}
        self._clashes: dict[tuple[str, str], tuple[str, ...]] = {}
        shared = _shared_names(plugins, disabled)
        for plugin in plugins:
            if plugin.name in disabled or plugin.distribution in disabled:
                self._plugins[_key(plugin)] = replace(plugin, state=PluginState.DISABLED)
            elif plugin.name in shared and not plugin.builtin:
                self._set_aside(plugin, f"its name is claimed by {' and '.join(shared[plugin.name])}")
            else:
                self._load(plugin)

    @classmethod
    def discover(cls, environ: Mapping[str, str], *, disabled: frozenset[str] = frozenset(), none: bool = False) -> Self:
        """Load the plugins of this environment; with `none`, the built-in ones alone."""
        plugins = find_plugins(environ)
        unwanted = disabled | named_in_environment(environ)
        if none:
            unwanted |= {plugin.distribution for plugin in plugins if not plugin.builtin}
        return cls(plugins, disabled=unwanted, strict=environ.get("DWS_STRICT_PLUGINS", "") not in ("", "0"))

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """Every plugin that was found, in order of distribution and name."""
        return tuple(self._plugins.values())

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line for each plugin that is set aside, and for each name that two claim."""
        clashes = [PluginClashError(kind, name, claims) for (kind, name), claims in self._clashes.items()]
        told = (f"{clash.message}: {clash.hint}" for clash in clashes)
        return (*(plugin.complaint for plugin in self.plugins if plugin.state is PluginState.BROKEN), *told)

    @cached_property
    def resource_types(self) -> Mapping[str, Provided[ResourceTypeDescriptor]]:
        return self._collect("resource type", "dws_resource_types", ResourceTypeDescriptor)

    @cached_property
    def backends(self) -> Mapping[str, Provided[BackendDescriptor]]:
        return self._collect("backend", "dws_backends", BackendDescriptor)

    @cached_property
    def stores(self) -> Mapping[str, Provided[StoreDescriptor]]:
        return self._collect("kind of store", "dws_stores", StoreDescriptor)

    @cached_property
    def reports(self) -> Mapping[str, Provided[ReportDescriptor]]:
        return self._collect("report", "dws_reports", ReportDescriptor)

    @cached_property
    def report_formats(self) -> Mapping[str, Provided[ReportFormatDescriptor]]:
        return self._collect("report format", "dws_report_formats", ReportFormatDescriptor)

    @cached_property
    def kits(self) -> Mapping[str, Provided[KitDescriptor]]:
        return self._collect("kit", "dws_kits", KitDescriptor)

    @cached_property
    def commands(self) -> Mapping[str, Provided[PluginCommand]]:
        return self._collect("command", "dws_commands", PluginCommand, ask=self._ask_for_commands)

    def gives(self, plugin: Plugin) -> tuple[str, ...]:
        """Name what a plugin brings: `resource type NAME`, `report history`."""
        kinds: tuple[tuple[str, Mapping[str, Provided[Any]]], ...] = (
            ("resource type", self.resource_types),
            ("backend", self.backends),
            ("kind of store", self.stores),
            ("report", self.reports),
            ("report format", self.report_formats),
            ("kit", self.kits),
            ("command", self.commands),
        )
        named = [f"{kind} {name}" for kind, all_of in kinds for name, each in all_of.items() if _key(each.plugin) == _key(plugin)]
        module = self._modules.get(_key(plugin))
        callers = self._manager.get_hookcallers(module) if module else None
        acting = sorted(
            caller.name for caller in callers or [] if caller.name.startswith(("dws_before", "dws_after", "dws_step"))
        )
        return (*named, *(f"hook {name}" for name in acting))

    def disabled_of(self, distribution: str) -> tuple[str, ...]:
        """Name the plugins of a distribution that are disabled."""
        return tuple(
            each.name for each in self.plugins if each.distribution == distribution and each.state is PluginState.DISABLED
        )

    def find(self, kind: str, all_of: Mapping[str, Provided[D]], name: str) -> Provided[D]:
        """Take one by its name; PluginClashError where two plugins claim it, UnknownNameError where none does."""
        if name in all_of:
            return all_of[name]
        if (kind, name) in self._clashes:
            raise PluginClashError(kind, name, self._clashes[kind, name])
        raise UnknownNameError(kind, name, all_of)

    def resource_type(self, name: str) -> Provided[ResourceTypeDescriptor]:
        return self.find("resource type", self.resource_types, name)

    def load(self, provided: Provided[Any], reference: str) -> Any:
        """Import what a descriptor names as `module:Class`; PluginFailedError names the plugin that cannot give it."""
        module, _, attribute = reference.partition(":")
        try:
            return getattr(importlib.import_module(module), attribute)
        except DwsError:
            raise
        except BaseException as error:  # whatever it is: a plugin that ends the program is as broken as one that raises
            _let_the_user_stop(error)
            plugin = provided.plugin
            raise PluginFailedError(plugin.name, plugin.distribution, f"loading {reference}", error) from error

    def call(self, hook: str, **arguments: object) -> list[Any]:
        """Call every implementation of a hook alone, and give their answers; the first failure ends it, with its name."""
        return [answer for plugin in self._active() for answer in self._ask(plugin, hook, arguments)]

    def call_safely(self, hook: str, **arguments: object) -> list[str]:
        """Call every implementation of a hook alone, and give a line for each that failed."""
        failures = []
        for plugin in self._active():
            try:
                self._ask(plugin, hook, arguments)
            except DwsError as error:
                failures.append(f"it is done, but {error.message}")
        return failures

    def step_context(self) -> StepContext | None:
        """Ask what step runs, where the code is no script; a plugin that fails to say counts as one that does not know."""
        for plugin in self._active():
            try:
                answers = self._ask(plugin, "dws_step_context", {})
            except DwsError:
                continue
            if answers:
                found: StepContext = answers[0]
                return found
        return None

    def _active(self) -> list[Plugin]:
        return [plugin for plugin in self.plugins if plugin.state is PluginState.OK]

    def _ask(self, plugin: Plugin, hook: str, arguments: Mapping[str, object]) -> list[Any]:
        others = [module for key, module in self._modules.items() if key != _key(plugin)]
        try:
            answer = self._manager.subset_hook_caller(hook, others)(**arguments)
        except DwsError:
            raise
        except BaseException as error:  # whatever it is: a plugin that ends the program is as broken as one that raises
            _let_the_user_stop(error)
            raise PluginFailedError(plugin.name, plugin.distribution, hook, error) from error
        if isinstance(answer, list):
            return [each for each in answer if each is not None]
        return [] if answer is None else [answer]

    def _ask_for_commands(self, plugin: Plugin) -> list[Any]:
        given = _GivenCommands()
        self._ask(plugin, "dws_commands", {"cli": given})
        return given.commands

    def _collect(
        self, kind: str, hook: str, expected: type[D], ask: Callable[[Plugin], list[Any]] | None = None
    ) -> Mapping[str, Provided[D]]:
        claims: dict[str, list[Provided[D]]] = {}
        for plugin in self._active():
            try:
                answers = ask(plugin) if ask else [each for answer in self._ask(plugin, hook, {}) for each in answer]
                for descriptor in answers:
                    if not isinstance(descriptor, expected):
                        raise TypeError(f"{hook} answered {descriptor!r}, which is no {expected.__name__}")
                    check_name(kind, descriptor.name)  # type: ignore[attr-defined]  # every descriptor has a name
            except (DwsError, TypeError) as error:
                self._set_aside(plugin, str(error))
                continue
            for descriptor in answers:
                claims.setdefault(descriptor.name, []).append(Provided(descriptor, plugin))
        return dict(sorted(self._settle(kind, claims).items()))

    def _settle(self, kind: str, claims: Mapping[str, list[Provided[D]]]) -> dict[str, Provided[D]]:
        settled = {}
        for name, claimants in claims.items():
            builtin = [each for each in claimants if each.plugin.builtin]
            if builtin or len(claimants) == 1:
                settled[name] = (builtin or claimants)[0]
            else:
                names = tuple(each.plugin.name for each in claimants)
                self._clashes[kind, name] = names
                if self._strict:
                    raise PluginClashError(kind, name, names)
        return settled

    def _load(self, plugin: Plugin) -> None:
        try:
            module = importlib.import_module(plugin.module)
            written_for = getattr(module, "DWS_API_VERSION", API_VERSION)
            if written_for > API_VERSION:
                raise ImportError(f"it is written for hooks of version {written_for}, and this core has {API_VERSION}")
            self._manager.register(module, name=f"{plugin.distribution}:{plugin.name}")
            self._manager.check_pending()
        except BaseException as error:  # whatever it is: a plugin that ends the program is as broken as one that raises
            _let_the_user_stop(error)
            self._set_aside(plugin, f"{type(error).__name__}: {error}", error)
        else:
            self._plugins[_key(plugin)] = plugin
            self._modules[_key(plugin)] = module

    def _set_aside(self, plugin: Plugin, reason: str, cause: BaseException | None = None) -> None:
        if self._strict:
            raise PluginFailedError(plugin.name, plugin.distribution, "loading", cause or RuntimeError(reason)) from cause
        first_line = " ".join(reason.split())
        self._plugins[_key(plugin)] = replace(plugin, state=PluginState.BROKEN, reason=first_line)
        self._modules.pop(_key(plugin), None)
        registered = f"{plugin.distribution}:{plugin.name}"
        if self._manager.has_plugin(registered):
            self._manager.unregister(name=registered)


def _let_the_user_stop(error: BaseException) -> None:
    if isinstance(error, KeyboardInterrupt):
        raise error


def _key(plugin: Plugin) -> tuple[str, str]:
    return plugin.distribution, plugin.name


def _shared_names(plugins: Sequence[Plugin], disabled: frozenset[str]) -> dict[str, list[str]]:
    """Find the names that two distributions claim."""
    claims: dict[str, list[str]] = {}
    for plugin in plugins:
        if plugin.distribution not in disabled:
            claims.setdefault(plugin.name, []).append(plugin.distribution)
    return {name: distributions for name, distributions in claims.items() if len(distributions) > 1}
