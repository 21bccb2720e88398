"""Reports as text for a terminal: `| a | b |` rows without rules between them."""

from collections.abc import Sequence

from tabulate import DataRow, TableFormat, tabulate

from dws_core.builtin.formats.cells import cells_of, is_numeric
from dws_core.model.printable import printable
from dws_core.model.report import Report, Table
from dws_core.plugin import ReportFormat

_ROW = DataRow("| ", " | ", " |")
_BARS = TableFormat(
    lineabove=None,
    linebelowheader=None,
    linebetweenrows=None,
    linebelow=None,
    headerrow=_ROW,
    datarow=_ROW,
    padding=0,
    with_header_hide=None,
)


class TextFormat(ReportFormat):
    """Title lines, tables parted by blank lines, closing lines; a column of numbers is aligned at its point."""

    def render(self, report: Report) -> str:
        tables = [_render(table) for table in report.tables]
        title = [printable(line) for line in report.title]
        # A single table without a heading of its own follows its title, as in `dws report status`.
        parts = ["\n".join([*title, *tables])] if len(tables) == 1 and not report.tables[0].title else ["\n".join(title), *tables]
        text = "\n\n".join(part for part in parts if part)
        closing = "".join(printable(line) + "\n" for line in report.closing)
        return (text + "\n" if text else "") + closing


def _render(table: Table) -> str:
    header = [printable(column) for column in table.columns]
    numeric = [is_numeric([row[i] for row in table.rows]) for i in range(len(header))]
    columns = [_aligned(cells_of(table, i)) if numeric[i] else cells_of(table, i) for i in range(len(header))]
    rows = [line for row in zip(*columns, strict=True) for line in _spread(row)]
    # The header goes in as a row: tabulate would make the columns wider than what stands in them.
    text = tabulate(
        [header, *rows],
        tablefmt=_BARS,
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=["right" if each else "left" for each in numeric],
    )
    return f"{printable(table.title)}\n{text}" if table.title else text


def _aligned(cells: Sequence[Sequence[str]]) -> list[list[str]]:
    """Give every number as many places after the point as the longest has."""
    places = [len(cell[0].partition(".")[2]) + ("." in cell[0]) for cell in cells]
    return [[cell[0] + " " * (max(places) - own)] for cell, own in zip(cells, places, strict=True)]


def _spread(cells: Sequence[Sequence[str]]) -> list[list[str]]:
    """Make of one row of cells with several lines as many rows of lines."""
    height = max(map(len, cells), default=1)
    return [[cell[i] if i < len(cell) else "" for cell in cells] for i in range(height)]
