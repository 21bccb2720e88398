"""Finds the plugins, and asks them; a broken one is reported, never fatal."""

from dws_core.registry.choices import choices_path, read_choices, write_choices
from dws_core.registry.plugin import Plugin, PluginState, Provided
from dws_core.registry.registry import PluginCommand, Registry

__all__ = [
    "Plugin",
    "PluginCommand",
    "PluginState",
    "Provided",
    "Registry",
    "choices_path",
    "read_choices",
    "write_choices",
]
