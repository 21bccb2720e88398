"""Reports as text for a terminal: `| a | b |` rows without rules between them."""

from collections.abc import Sequence

from tabulate import DataRow, TableFormat, tabulate

from dws_core.builtin.formats.cells import lines_of
from dws_core.model.codec import Json
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
    columns = [_column([row[i] for row in table.rows], table) for i in range(len(header))]
    rows = [line for row in zip(*columns, strict=True) for line in _spread(row)]
    # The header goes in as a row: tabulate would make the columns wider than what stands in them.
    text = tabulate(
        [header, *rows],
        tablefmt=_BARS,
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=["right" if _is_numeric([row[i] for row in table.rows]) else "left" for i in range(len(header))],
    )
    return f"{printable(table.title)}\n{text}" if table.title else text


def _column(values: Sequence[Json], table: Table) -> list[list[str]]:
    """Write the cells of a column; numbers get as many places after the point as the longest has, a missing one stays blank."""
    if not _is_numeric(values):
        return [lines_of(value, table) for value in values]
    cells = [lines_of("" if value is None else value, table) for value in values]
    places = [len(cell[0].partition(".")[2]) + ("." in cell[0]) for cell in cells]
    return [[cell[0] + " " * (max(places) - own)] for cell, own in zip(cells, places, strict=True)]


def _spread(cells: Sequence[Sequence[str]]) -> list[list[str]]:
    """Make of one row of cells with several lines as many rows of lines."""
    height = max(map(len, cells), default=1)
    return [[cell[i] if i < len(cell) else "" for cell in cells] for i in range(height)]


def _is_numeric(values: Sequence[Json]) -> bool:
    numbers = [value for value in values if value is not None]
    return bool(numbers) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in numbers)
