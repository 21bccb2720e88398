"""Reports and the formats they are shown in."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from dws_core.model.report import Report
from dws_core.plugin.settings import Settings
from dws_core.plugin.view import WorkspaceView

S = TypeVar("S", bound=Settings)


class ReportType(ABC, Generic[S]):
    """A report on a workspace; `settings` are its command-line options."""

    def __init__(self, settings: S) -> None:
        self.settings = settings

    @abstractmethod
    def build(self, workspace: WorkspaceView) -> Report:
        """Collect what the report says; read only, without the workspace's lock."""


class ReportFormat(ABC):
    """A way to write a report down."""

    @abstractmethod
    def render(self, report: Report) -> str:
        """Write the report as text that ends in a newline; what it holds may come from a stranger and is escaped."""
