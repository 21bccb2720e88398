"""What this plugin brings: the reports status, results, history and lineage."""

from collections.abc import Sequence

from dws_core.plugin import ReportDescriptor, hookimpl

_HERE = "dws_core.builtin.reports"


@hookimpl
def dws_reports() -> Sequence[ReportDescriptor]:
    return [
        ReportDescriptor("status", "The resources of the workspace and their parameters.", f"{_HERE}.status:StatusReport"),
        ReportDescriptor(
            "results",
            "The results files: parameters and metrics of the current results, or of a snapshot.",
            f"{_HERE}.results:ResultsReport",
            f"{_HERE}.results:ResultsSettings",
        ),
        ReportDescriptor(
            "history",
            "The snapshots, oldest first, with their metrics; times are UTC.",
            f"{_HERE}.history:HistoryReport",
            f"{_HERE}.history:HistorySettings",
        ),
        ReportDescriptor(
            "lineage",
            "How results came to be: the steps, what they read and what they wrote.",
            f"{_HERE}.lineage:LineageReport",
            f"{_HERE}.lineage:LineageSettings",
        ),
    ]
