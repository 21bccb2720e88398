"""The suite that any report format must pass."""

import unicodedata
from abc import ABC, abstractmethod
from typing import ClassVar

from dws_core.model.codec import Json
from dws_core.model.report import Report, Table
from dws_core.plugin import ReportFormat

_CONTROLS = "".join(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n")
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_VALUES: tuple[Json, ...] = (None, True, False, 0, -1, 0.969, "text", "", ["a", "b"], {"key": "value", "other": 1}, [])


class ReportFormatSuite(ABC):
    """Subclass it as `Test…` with `make`.

    `refused` are further texts that must not come out as they went in (`<script>`), `refused_first` those that must not begin
    a line, quoted or not (`=1+1` in CSV).
    """

    refused: ClassVar[tuple[str, ...]] = ()
    refused_first: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def make(self) -> ReportFormat:
        """Make the format under test."""

    def test_f1_a_report_ends_in_a_newline(self) -> None:
        """Write the report as text that ends in a newline; one that says nothing may be no text at all."""
        rendered = [self.make().render(report) for report in (_report("text"), Report("titled", ("A title",)))]
        bare = self.make().render(Report("bare"))

        assert all(text.endswith("\n") for text in rendered)
        assert bare == "" or bare.endswith("\n")

    def test_f2_everything_that_a_report_says_is_there(self) -> None:
        """Titles of tables, columns, rows and their order."""
        text = self.make().render(_report("first-value", "second-value"))

        places = [text.find(each) for each in ("Column", "first-value", "second-value")]
        assert -1 not in places and places == sorted(places)

    def test_f3_any_value_can_be_shown(self) -> None:
        """A cell holds any JSON value."""
        assert "0.969" in self.make().render(_report(*_VALUES))

    def test_f4_control_characters_are_escaped_everywhere(self) -> None:
        """What a report holds may come from a stranger: nothing of it moves a cursor or turns text around."""
        text = self.make().render(_everywhere(f"start{_CONTROLS}{_DIRECTIONS}end"))

        assert [ascii(each) for each in text if each not in "\t\n\r" and unicodedata.category(each) == "Cc"] == []
        assert [ascii(each) for each in text if each in _DIRECTIONS] == []
        assert "\r" not in text.replace("\r\n", "\n")

    def test_f5_a_line_in_a_value_begins_no_line_of_the_report_by_itself(self) -> None:
        """A title cannot pretend to be a row."""
        text = self.make().render(Report("report", ("a title\nINJECTED",)))

        assert not any(line.startswith("INJECTED") for line in text.splitlines())

    def test_f6_a_name_that_is_no_text_can_be_written(self) -> None:
        """An undecodable byte of a file name does not stop the report."""
        text = self.make().render(_everywhere("bytes-\udcff"))

        assert text.encode("utf-8")

    def test_f7_what_is_markup_to_the_format_is_escaped(self) -> None:
        """Text is never taken for markup or a formula."""
        for refused in self.refused:
            assert refused not in self.make().render(_everywhere(refused)), refused
        for formula in self.refused_first:
            lines = self.make().render(_everywhere(formula)).splitlines()
            assert not any(line.lstrip('"').startswith(formula) for line in lines), formula

    def test_f8_rendering_again_gives_the_same_text(self) -> None:
        """A format keeps nothing between reports."""
        form = self.make()

        assert form.render(_report(*_VALUES)) == form.render(_report(*_VALUES)) == self.make().render(_report(*_VALUES))


def _report(*values: Json) -> Report:
    return Report("report", ("A title",), (Table(("Column", "Other"), [(value, "same") for value in values], "A table"),))


def _everywhere(text: str) -> Report:
    """Make a report that holds a text in every place where one may be."""
    cells: tuple[Json, ...] = (text, [text], {text: text})
    tables = (Table(("One", "Two", text), [cells, cells], text), Table(("Only",), [(text,)]))
    return Report("report", (text, text), tables, (text,), {"fact": text})
