"""Formats that break one promise each, with their suites; run by `test_report_format.py` in a process of its own."""

import json
from collections.abc import Callable

from dws_core.model.report import Report
from dws_core.plugin import ReportFormat
from dws_core.testing import ReportFormatSuite

BROKEN: dict[str, str] = {}
"""For each suite of a broken format the number of the promise that it breaks."""


class Escaped(ReportFormat):
    """A format that keeps every promise: one line of JSON, in plain letters."""

    def render(self, report: Report) -> str:
        return json.dumps(report.to_json()).replace("\x7f", "\\u007f").replace("<", "\\u003c") + "\n"


class EscapedSuite(ReportFormatSuite):
    """The suite for the format that keeps every promise."""

    refused = ("<script>",)
    refused_first = ("=1+1",)

    def make(self) -> ReportFormat:
        return Escaped()


def breaks(promise: str) -> Callable[[type[Escaped]], type[Escaped]]:
    """Make a suite for a broken format."""

    def suite(broken: type[Escaped]) -> type[Escaped]:
        class Suite(EscapedSuite):
            def make(self) -> ReportFormat:
                return broken()

        name = f"Test{broken.__name__}"
        Suite.__name__ = Suite.__qualname__ = name
        globals()[name] = Suite
        BROKEN[name] = promise
        return broken

    return suite


@breaks("f1")
class EndsEarly(Escaped):
    def render(self, report: Report) -> str:
        return super().render(report).rstrip("\n")


@breaks("f2")
class TurnsRowsRound(Escaped):
    def render(self, report: Report) -> str:
        return super().render(report) if len(report.tables) != 1 else "\n".join(reversed(super().render(report).split(",")))


@breaks("f3")
class TakesTextsOnly(Escaped):
    def render(self, report: Report) -> str:
        return "\n".join(" ".join(row) for table in report.tables for row in table.rows) + "\n"  # type: ignore[arg-type]  # the fault


@breaks("f4")
class PassesControlsOn(Escaped):
    def render(self, report: Report) -> str:
        return super().render(report).encode("utf-8").decode("unicode_escape")


@breaks("f5")
class PrintsTitlesRaw(Escaped):
    def render(self, report: Report) -> str:
        return "\n".join(report.title) + "\n" + super().render(report)


@breaks("f6")
class LeavesBytesUndecoded(Escaped):
    def render(self, report: Report) -> str:
        return json.dumps(report.to_json(), ensure_ascii=False) + "\n"


@breaks("f7")
class WritesMarkup(Escaped):
    def render(self, report: Report) -> str:
        return super().render(report).replace("\\u003c", "<")


@breaks("f7")
class BeginsWithAFormula(Escaped):
    def render(self, report: Report) -> str:
        return "".join(f"{row[0]}\n" for table in report.tables for row in table.rows)


@breaks("f8")
class Counts(Escaped):
    times = 0

    def render(self, report: Report) -> str:
        self.times += 1
        return f"{self.times} {super().render(report)}"
