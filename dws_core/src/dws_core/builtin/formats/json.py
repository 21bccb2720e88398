"""Reports as one JSON document."""

from dws_core.model.codec import to_text
from dws_core.model.report import Report
from dws_core.plugin import ReportFormat


class JsonFormat(ReportFormat):
    """Every value as it is, nothing rounded or shortened."""

    def render(self, report: Report) -> str:
        return to_text(report.to_json())
