"""What one call of `dws` has at hand."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dws_core.cli.ask import Ask
from dws_core.cli.progress import ShownProgress
from dws_core.cli.show import Show
from dws_core.model.report import Report
from dws_core.registry import Plugin, Registry, read_choices


@dataclass
class Session:
    """Global options, the printer and the prompter, and the plugins, found when first needed."""

    show: Show
    ask: Ask
    no_plugins: bool = False
    workspace_dir: str | None = None
    format: str = "text"
    plugin: Plugin | None = None
    """The plugin whose command runs, if one does."""
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def registry(self) -> Registry:
        """The plugins, found when first asked for."""
        disabled = frozenset[str]() if self.no_plugins else read_choices(self.environ)
        return Registry.discover(self.environ, disabled=disabled, none=self.no_plugins)

    def tell_of_plugins(self) -> None:
        """Name on stderr, a line each, the plugins that were found broken so far."""
        if "registry" in self.__dict__:
            for line in self.registry.warnings:
                self.show.warn(line)

    @cached_property
    def progress(self) -> ShownProgress:
        return ShownProgress(self.show)

    def may(self, *, accept: bool) -> Callable[[str], bool]:
        """What asks before anything is used that a stranger's workspace names; with `accept`, it is allowed unasked."""
        return lambda question: accept or self.ask.confirm(question)

    def render(self, report: Report) -> str:
        """Write a report in the format that was asked for."""
        provided = self.registry.find("report format", self.registry.report_formats, self.format)
        format_: Any = self.registry.load(provided, provided.descriptor.implementation)()
        text: str = format_.render(report)
        return text
