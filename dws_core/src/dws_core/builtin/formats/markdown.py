"""Reports as Markdown."""

import re

from dws_core.builtin.formats.cells import columns_of
from dws_core.model.printable import printable
from dws_core.model.report import Report, Table
from dws_core.plugin import ReportFormat

_MARKUP = re.compile(r"([\\`*_\[\]|~$])")
_BLOCK = re.compile(r"^(\s*\d*)([-+#=.)])")


class MarkdownFormat(ReportFormat):
    """A heading, tables in the dialect of code hosts, and paragraphs; no text of anybody's becomes markup."""

    def render(self, report: Report) -> str:
        parts = [f"## {_escape(line)}" if number == 0 else _paragraph(line) for number, line in enumerate(report.title)]
        parts += [_render(table) for table in report.tables]
        parts += [_paragraph(line) for line in report.closing]
        return "\n\n".join(parts) + "\n"


def _render(table: Table) -> str:
    columns = [["<br>".join(map(_escape, cell)) for cell in column.cells] for column in columns_of(table)]
    lines = [[*map(_escape, table.columns)], ["---"] * len(table.columns), *zip(*columns, strict=True)]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"### {_escape(table.title)}\n\n{text}" if table.title else text


def _paragraph(line: str) -> str:
    return _BLOCK.sub(r"\1\\\2", _escape(line))


def _escape(text: str) -> str:
    """Keep a text from being markup, HTML included; it has no line break once it is printable."""
    safe = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", safe)
