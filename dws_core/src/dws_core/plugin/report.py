"""Reports and the formats they are shown in."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from dws_core.model.report import Report
from dws_core.plugin.context import WorkspaceView
from dws_core.plugin.settings import Settings

S = TypeVar("S", bound=Settings)


@dataclass(frozen=True)
class ReportDescriptor:
    """What `dws_reports` answers: a new `dws report NAME`. Both references are `module:Class`."""

    name: str
    help: str
    implementation: str
    settings: str = "dws_core.plugin.settings:NoSettings"


class ReportType(ABC, Generic[S]):
    """A report on a workspace; `settings` are its command-line options."""

    def __init__(self, settings: S) -> None:
        self.settings = settings

    @abstractmethod
    def build(self, workspace: WorkspaceView) -> Report:
        """Collect what the report says; read only, without the workspace's lock."""


@dataclass(frozen=True)
class ReportFormatDescriptor:
    """What `dws_report_formats` answers: a new value of `--format`. `implementation` is `module:Class`."""

    name: str
    help: str
    implementation: str


class ReportFormat(ABC):
    """A way to write a report down."""

    @abstractmethod
    def render(self, report: Report) -> str:
        """Write the report as text that ends in a newline; what it holds may come from a stranger and is escaped."""
