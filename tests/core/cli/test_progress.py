"""Tests of what long work says of itself."""

import io
import itertools

import pytest

from dws_core.cli.progress import ShownProgress, amount
from dws_core.cli.show import Show


class Terminal(io.StringIO):
    """A terminal, or something else, that keeps what was written to it."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def told(monkeypatch: pytest.MonkeyPatch, *, terminal: bool, step: float, quiet: bool = False) -> str:
    """Let work of 40 files go on, with a clock that goes on by `step` seconds a file."""
    clock = itertools.count(0.0, step)
    monkeypatch.setattr("dws_core.cli.progress.time.monotonic", lambda: next(clock))
    stream = Terminal(terminal=terminal)
    monkeypatch.setattr("sys.stderr", stream)
    show = Show(as_json=False, quiet=quiet, verbose=False)
    progress = ShownProgress(show)
    progress.expect(files=40, size=40 * 1024)
    for _ in range(40):
        progress.advance(files=1, size=1024)
    show.warn("done")
    return stream.getvalue()


def test_short_work_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done in a second needs no progress."""
    assert told(monkeypatch, terminal=True, step=0.01) == "warning: done\n"


def test_a_terminal_shows_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is written over, and gone before anything else is said."""
    said = told(monkeypatch, terminal=True, step=0.5)

    assert "\r12 of 40 files, 12.0 KiB of 40.0 KiB" in said
    assert said.count("\n") == 1
    assert said.endswith(" \rwarning: done\n")


def test_elsewhere_a_plain_line_comes_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of a night's work has a line each half minute, and no control characters."""
    said = told(monkeypatch, terminal=False, step=2.0)

    assert said.splitlines() == ["14 of 40 files, 14.0 KiB of 40.0 KiB", "29 of 40 files, 29.0 KiB of 40.0 KiB", "warning: done"]
    assert "\r" not in said


def test_quiet_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--quiet` leaves warnings alone."""
    assert told(monkeypatch, terminal=True, step=5.0, quiet=True) == "warning: done\n"


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (5 * 1024**3, "5.0 GiB"), (2**52, "4096.0 TiB")]
)
def test_sizes_are_for_people(size: int, shown: str) -> None:
    """Bytes up to a kibibyte, then the unit that fits."""
    assert amount(size) == shown
