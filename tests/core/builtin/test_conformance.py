"""What comes with the core keeps the contract's promises, as any plugin must."""

from pathlib import Path

from dws_core.builtin.formats.csv import CsvFormat
from dws_core.builtin.formats.json import JsonFormat
from dws_core.builtin.formats.markdown import MarkdownFormat
from dws_core.builtin.formats.text import TextFormat
from dws_core.builtin.plain.backend import PlainBackend
from dws_core.builtin.plain.hooks import dws_backends
from dws_core.plugin import Backend, ReportFormat
from dws_core.testing import BackendSuite, ReportFormatSuite, make_context


class TestPlain(BackendSuite):
    descriptor = dws_backends()[0]

    def make(self, root: Path) -> Backend:
        return PlainBackend(make_context(root, "backend"))


class TestText(ReportFormatSuite):
    def make(self) -> ReportFormat:
        return TextFormat()


class TestJson(ReportFormatSuite):
    def make(self) -> ReportFormat:
        return JsonFormat()


class TestCsv(ReportFormatSuite):
    refused_first = ("=1+1", "+1", "-1+1", "@SUM(1)")

    def make(self) -> ReportFormat:
        return CsvFormat()


class TestMarkdown(ReportFormatSuite):
    refused = ("<script>", "**bold**", "[text](https://example.org)", "| cell |", "`code`")

    def make(self) -> ReportFormat:
        return MarkdownFormat()
