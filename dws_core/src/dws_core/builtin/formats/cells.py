"""How one value looks to people, on one line or several."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dws_core.model.codec import Json
from dws_core.model.printable import printable
from dws_core.model.report import Shown, Table

_SHORT = 23


@dataclass(frozen=True)
class Column:
    """A column as people see it: escaped, and the lines of each cell, of which most have one."""

    name: str
    cells: Sequence[Sequence[str]]
    numeric: bool


def columns_of(table: Table) -> list[Column]:
    """Write down the values of a table by columns; a number that is missing stays blank."""
    values = [*zip(*table.shown_rows, strict=True)] or [()] * len(table.columns)
    return [_column(name, each, table) for name, each in zip(table.columns, values, strict=True)]


def _column(name: str, values: Sequence[Json], table: Table) -> Column:
    numeric = _is_numeric(values)
    cells = [[""] if value is None and numeric else _lines_of(value, table) for value in values]
    return Column(printable(name), cells, numeric)


def _is_numeric(values: Sequence[Json]) -> bool:
    """Tell whether all values that are there are numbers."""
    missing = values.count(None)
    numbers = (value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values)
    return missing < len(values) and all(numbers)


def _lines_of(value: Json, table: Table) -> list[str]:
    if isinstance(value, str):
        return [printable(value)]
    if not isinstance(value, dict):
        return [plain(value, table.decimals)]
    if table.objects is Shown.SHORT:
        text = plain(value)
        return [text if len(text) <= _SHORT + 2 else text[:_SHORT] + ".."]
    if table.objects is Shown.INLINE:
        return [", ".join(f"{printable(key)}: {plain(item)}" for key, item in value.items())]
    last = len(value) - 1
    return [f"{printable(key)}={plain(item)}{',' if i < last else ''}" for i, (key, item) in enumerate(value.items())] or [""]


def plain(value: Json, decimals: int | None = None) -> str:
    """Write a value as Python users know it: None, True, 0.001, ovr, ['a', 'b']."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, float) and decimals is not None:
        return _rounded(value, decimals)
    return printable(repr(value))


def _rounded(value: float, decimals: int) -> str:
    if not math.isfinite(value) or value == 0 or abs(value) >= 1e15:
        return repr(value)
    if abs(value) < 10**-decimals:
        return f"{value:.{decimals}g}"  # rounding would leave nothing of it
    return repr(round(value, decimals))
