"""What this plugin brings: the formats text, json, csv and markdown."""

from collections.abc import Sequence

from dws_core.plugin import ReportFormatDescriptor, hookimpl

_HERE = "dws_core.builtin.formats"


@hookimpl
def dws_report_formats() -> Sequence[ReportFormatDescriptor]:
    return [
        ReportFormatDescriptor("text", "Tables for people, on a terminal.", f"{_HERE}.text:TextFormat"),
        ReportFormatDescriptor("json", "One JSON document, values as they are.", f"{_HERE}.json:JsonFormat"),
        ReportFormatDescriptor("csv", "Comma-separated values, safe in a spreadsheet.", f"{_HERE}.csv:CsvFormat"),
        ReportFormatDescriptor("markdown", "Markdown tables, for a README or an issue.", f"{_HERE}.markdown:MarkdownFormat"),
    ]
