"""Reports as text for a terminal: `| a | b |` rows without rules between them."""

from collections.abc import Sequence

from wcwidth import wcswidth

from dws_core.builtin.formats.cells import columns_of
from dws_core.model.printable import printable
from dws_core.model.report import Report, Table
from dws_core.plugin import ReportFormat


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
    columns = columns_of(table)
    heights = [max(map(len, row)) for row in zip(*(column.cells for column in columns), strict=True)]
    padded = []
    for column in columns:
        lines = _spread(column.cells, heights)
        padded.append(_padded([column.name, *(_aligned(lines) if column.numeric else lines)], right=column.numeric))
    text = "\n".join(f"| {' | '.join(line)} |" for line in zip(*padded, strict=True))
    return f"{printable(table.title)}\n{text}" if table.title else text


def _spread(cells: Sequence[Sequence[str]], heights: Sequence[int]) -> list[str]:
    """Give the lines of a column, blank where another cell of the row has more of them."""
    return [line for cell, height in zip(cells, heights, strict=True) for line in (*cell, *[""] * (height - len(cell)))]


def _aligned(numbers: Sequence[str]) -> list[str]:
    """Give every number as many places after the point as the longest has."""
    places = [len(number.partition(".")[2]) + ("." in number) for number in numbers]
    most = max(places)
    return [number + " " * (most - own) for number, own in zip(numbers, places, strict=True)]


def _padded(lines: Sequence[str], *, right: bool) -> list[str]:
    """Make all equally wide on a terminal, where some characters take two places and others none."""
    widths = [len(line) if line.isascii() else wcswidth(line) for line in lines]
    widest = max(widths)
    blanks = [" " * (widest - width) for width in widths]
    pairs = zip(blanks, lines, strict=True) if right else zip(lines, blanks, strict=True)
    return [first + second for first, second in pairs]
