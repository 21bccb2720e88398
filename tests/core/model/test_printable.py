"""Tests of how text from anybody becomes safe to print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dws_core.model.printable import printable, printable_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 日本 🎉", "plain é 日本 🎉"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\rc\td", "a\\nb\\rc\\td"),
        ("\x9bC1 \x7f", "\\x9bC1 \\x7f"),
        ("abc\u202etxt.exe", "abc\\u202etxt.exe"),
        ("\u2066x\u2069\u200f", "\\u2066x\\u2069\\u200f"),
        ("line\u2028break", "line\\u2028break"),
        ("\udcff.bin", "\\xff.bin"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_could_steer_a_terminal_is_escaped(text: str, shown: str) -> None:
    """Control, bidi and undecodable characters are shown as escapes; letters of every script stay."""
    assert printable(text) == shown


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_one_line_that_can_be_encoded(text: str) -> None:
    """Whatever is shown stays on its line, and every terminal that speaks UTF-8 can show it."""
    shown = printable(text)

    assert len(shown.splitlines()) <= 1
    shown.encode("utf-8")


def test_a_text_of_several_lines_keeps_its_lines() -> None:
    """A traceback or a table stays readable."""
    assert printable_lines("a\x07\nb") == "a\\x07\nb"
