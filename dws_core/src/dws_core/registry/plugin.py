"""A plugin as it was found, and a thing that it provides."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

CORE = "dws-core"


class PluginState(StrEnum):
    OK = "ok"
    BROKEN = "broken"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Plugin:
    """One entry point of the group `dws`; `reason` says why it is broken."""

    name: str
    distribution: str
    version: str
    module: str
    builtin: bool
    state: PluginState = PluginState.OK
    reason: str = ""

    @property
    def removal(self) -> str:
        """The command that gets rid of it."""
        if self.builtin:
            return f"dws plugins disable {self.name}"
        return f"python3 -m pip uninstall {self.distribution}"

    @property
    def complaint(self) -> str:
        """One line that names it, says why it is set aside and what to do."""
        return f"plugin {self.name!r} ({self.distribution}) is set aside: {self.reason} (remove it with `{self.removal}`)"


D = TypeVar("D")


@dataclass(frozen=True)
class Provided(Generic[D]):
    """A descriptor, with the plugin that answered it."""

    descriptor: D
    plugin: Plugin
