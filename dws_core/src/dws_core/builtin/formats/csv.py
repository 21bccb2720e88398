"""Reports as comma-separated values, safe to open in a spreadsheet."""

import csv
import io
import json

from dws_core.model.codec import Json
from dws_core.model.printable import printable
from dws_core.model.report import Report
from dws_core.plugin import ReportFormat

# A spreadsheet takes a cell that begins so for a formula; the last are the full-width forms of = + - @.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class CsvFormat(ReportFormat):
    """The tables alone, each with its header; where there are several, a blank line parts them and a heading stands above."""

    def render(self, report: Report) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for number, table in enumerate(report.tables):
            if number:
                out.write("\n")
            if table.title and len(report.tables) > 1:
                writer.writerow([_cell(table.title)])
            writer.writerow([_cell(column) for column in table.columns])
            writer.writerows([_cell(value) for value in row] for row in table.rows)
        return out.getvalue() or "\n"


def _cell(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return ("'" if text.lstrip(" ").startswith(_FORMULA) else "") + printable(text)
