"""Tests of the formats a report can be written in."""

import csv
import io
import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dws_core.builtin.formats.csv import CsvFormat
from dws_core.builtin.formats.json import JsonFormat
from dws_core.builtin.formats.markdown import MarkdownFormat
from dws_core.builtin.formats.text import TextFormat
from dws_core.model.codec import JsonObject
from dws_core.model.report import Report, Shown, Table

HISTORY = Report(
    "history",
    ("History of snapshots",),
    (
        Table(
            ("Hash", "Tags", "accuracy", "classification_report", "Message"),
            [
                ("f1401a8", "SVC-1", 0.9688542825361512, {"0.0": {"precision": 1.0, "recall": 0.98}}, "first run"),
                ("0a8c2e1", "", 0.9, "", "=1+1"),
            ],
            objects=Shown.SHORT,
            decimals=3,
        ),
    ),
    ("2 snapshots total",),
)


def test_text_has_bars_and_no_rules() -> None:
    """Tables look as in the introduction: numbers of metrics have three decimals, objects are shortened."""
    assert TextFormat().render(HISTORY) == (
        "History of snapshots\n"
        "| Hash    | Tags  | accuracy | classification_report     | Message   |\n"
        "| f1401a8 | SVC-1 |    0.969 | {'0.0': {'precision': 1.. | first run |\n"
        "| 0a8c2e1 |       |    0.9   |                           | =1+1      |\n"
        "2 snapshots total\n"
    )


def test_text_shows_an_object_as_lines_within_its_cell() -> None:
    """Parameters stand one to a line, as in `dws report status`."""
    parameters: JsonObject = {"branch": "master", "read_only": True, "depth": None}
    report = Report("status", ("Status",), (Table(("Resource", "Parameters"), [("digits", parameters), ("code", {})]),))

    assert TextFormat().render(report) == (
        "Status\n"
        "| Resource | Parameters      |\n"
        "| digits   | branch=master,  |\n"
        "|          | read_only=True, |\n"
        "|          | depth=None      |\n"
        "| code     |                 |\n"
    )


def test_text_parts_tables_by_a_blank_line_and_keeps_parameters_exact() -> None:
    """Only a table that asks for it rounds its numbers."""
    tables = (
        Table(("Key", "Value"), [("step", "digits"), ("execution_time_seconds", 0.1300001)], "General Properties", decimals=3),
        Table(("Key", "Value"), [("tol", 0.00012345), ("C", 1.0), ("class_weight", None), ("shrinking", True)]),
    )

    assert TextFormat().render(Report("results", ("Results file at results:/results.json",), tables)) == (
        "Results file at results:/results.json\n"
        "\n"
        "General Properties\n"
        "| Key                    | Value  |\n"
        "| step                   | digits |\n"
        "| execution_time_seconds | 0.13   |\n"
        "\n"
        "| Key          | Value      |\n"
        "| tol          | 0.00012345 |\n"
        "| C            | 1.0        |\n"
        "| class_weight | None       |\n"
        "| shrinking    | True       |\n"
    )


def test_text_never_rounds_a_small_number_to_nothing() -> None:
    """A loss of 0.00001 is not 0.0."""
    report = Report("r", (), (Table(("loss",), [(0.000012345,)], decimals=3),))

    assert "1.23e-05" in TextFormat().render(report)


def test_text_aligns_wide_letters() -> None:
    """A table of Japanese names has straight bars: each of these letters takes two places."""
    report = Report("r", (), (Table(("Name", "Role"), [("数字", "code"), ("digits", "code")]),))

    assert TextFormat().render(report).splitlines()[1:] == ["| 数字   | code |", "| digits | code |"]


def test_json_keeps_every_value_exact() -> None:
    """Programs get numbers whole and objects whole."""
    value = json.loads(JsonFormat().render(HISTORY))

    row = value["tables"][0]["rows"][0]
    assert row["accuracy"] == 0.9688542825361512
    assert row["classification_report"] == {"0.0": {"precision": 1.0, "recall": 0.98}}
    assert value["closing"] == ["2 snapshots total"]


def test_json_stays_json_with_numbers_that_are_none() -> None:
    """What JSON has no number for is a text, and a name that is not UTF-8 is an escape."""
    report = Report("r", (), (Table(("loss", "file"), [(float("nan"), "\udcff"), (float("-inf"), {"x": [float("inf")]})]),))

    rendered = JsonFormat().render(report)

    def refuse(name: str) -> float:
        raise AssertionError(name)

    rows = json.loads(rendered.encode("ascii"), parse_constant=refuse)["tables"][0]["rows"]
    assert rows == [{"loss": "NaN", "file": "\udcff"}, {"loss": "-Infinity", "file": {"x": ["Infinity"]}}]


def test_csv_quotes_what_a_spreadsheet_takes_for_a_formula() -> None:
    """Cells that begin with = + - @, in any width or after blanks, are texts; numbers below zero stay numbers."""
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", "  =1"]
    report = Report("r", (), (Table(("=Name", "n"), [(each, -1.5) for each in dangerous]),))

    rows = list(csv.reader(io.StringIO(CsvFormat().render(report))))

    assert rows[0] == ["'=Name", "n"]
    assert [row[0][0] for row in rows[1:]] == ["'"] * len(dangerous)
    assert {row[1] for row in rows[1:]} == {"-1.5"}


def test_csv_parts_tables_by_a_blank_line() -> None:
    """One table is header and rows alone; of several each has its heading above it."""
    tables = (Table(("a", "b"), [(1, {"k": [1]})], "First"), Table(("c",), [(None,)], "Second"))

    assert CsvFormat().render(Report("r", ("T",), tables[:1])) == 'a,b\n1,"{""k"": [1]}"\n'
    assert CsvFormat().render(Report("r", ("T",), tables)).startswith("First\na,b\n")
    assert "\n\nSecond\nc\n" in CsvFormat().render(Report("r", ("T",), tables))


def test_markdown_escapes_markup_and_html() -> None:
    """A name of a stranger becomes neither a link, nor a cell, nor HTML, nor a heading."""
    evil = "[x](javascript:alert(1)) | <script>&amp; `code` **b** _i_ \\"
    report = Report("r", ("# title",), (Table(("Name|x",), [(evil,)]),), ("- no list", "1. no list", "# no heading"))

    rendered = MarkdownFormat().render(report)

    assert "\\[x\\](javascript:alert(1)) \\| &lt;script&gt;&amp;amp; \\`code\\` \\*\\*b\\*\\* \\_i\\_ \\\\" in rendered
    assert rendered.splitlines()[0] == "## # title"
    assert rendered.splitlines()[2] == "| Name\\|x |"
    assert rendered.rstrip().splitlines()[-5:] == ["\\- no list", "", "1\\. no list", "", "\\# no heading"]


@given(st.lists(st.text(st.characters(codec=None)), min_size=1, max_size=4))
def test_no_format_lets_control_characters_through(texts: list[str]) -> None:
    """Whatever stands in titles, headings, columns, cells and keys, only escapes of it reach a terminal."""
    first = texts[0]
    table = Table((first,), [(text,) for text in texts] + [({text: text for text in texts},)], first)
    report = Report("r", (first,), (table, table), tuple(texts))

    for format_ in (TextFormat(), CsvFormat(), MarkdownFormat(), JsonFormat()):
        rendered = format_.render(report)

        assert rendered.endswith("\n")
        assert not [
            c for c in rendered if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\u200c\u200d"
        ]
        rendered.encode("utf-8")
