"""Tests of what long work says of itself."""

import hashlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import threading
import time
import timeit
from pathlib import Path

import pytest

from dws_core.cli.outcome import Outcome
from dws_core.cli.progress import ShownProgress, amount
from dws_core.cli.show import Show

from .conftest import DWS
from .terminal import Terminal

LINE = re.compile(r" *\d+% \|[^|]+\| [\d,]+ of [\d,]+ files, [\d.]+ of [\d.]+ \wiB, (\d\d:\d\d|\?) left")
SECONDS = 1.5


@pytest.fixture
def long_work(workspace: Path) -> Path:
    """A workspace of which a snapshot takes more than a second: files that take no room, but all must be read."""
    a_second = 2**24 / min(timeit.repeat(lambda: hashlib.sha256(b"\0" * 2**24), number=1)) * (os.cpu_count() or 1)
    for number in range(max(1000, int(a_second * SECONDS / 2**20))):
        with (workspace / "digits" / f"{number}.bin").open("wb") as file:
            file.truncate(2**20)
    return workspace


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_long_work_shows_a_bar_that_is_gone_before_the_answer(long_work: Path, flags: list[str]) -> None:
    """Files, bytes and the time left, after a second, on one line of stderr; the answer is where it always is."""
    with Terminal(columns=100) as terminal:
        ended = terminal.run([DWS, *flags, "snapshot", "V1"], long_work)

    assert (ended.returncode, terminal.screen) == (0, [""])
    assert json.loads(ended.stdout)["snapshot"] if flags else ended.stdout.startswith(b"Took snapshot V1")
    shown = [line.strip("\r") for line in terminal.text.split("\r") if line.strip()]
    assert [line for line in shown if not LINE.fullmatch(line.rstrip())] == []
    assert shown
    assert terminal.pieces[0][0] > 1
    assert not re.search(r"[^\r\x20-\x7e\u2580-\u259f]", terminal.text)


@pytest.mark.parametrize("terminal_there", [True, False])
def test_quiet_work_and_work_that_nobody_watches_says_nothing(long_work: Path, *, terminal_there: bool) -> None:
    """At a terminal with `--quiet`; elsewhere a plain line comes after half a minute only."""
    if terminal_there:
        with Terminal() as terminal:
            ended = terminal.run([DWS, "--quiet", "snapshot", "V1"], long_work)
        assert (ended.returncode, ended.stdout, terminal.text) == (0, b"", "")
    else:
        piped = subprocess.run([DWS, "snapshot", "V1"], cwd=long_work, capture_output=True, check=False, timeout=120)
        assert (piped.returncode, piped.stderr) == (0, b"")


def test_short_work_shows_nothing_and_imports_nothing_for_it(workspace: Path) -> None:
    """A terminal alone is no reason to make ready for a bar."""
    command = "import sys; from dws_core.cli.edge import run; run(['snapshot', 'V1']); print('tqdm' in sys.modules)"

    with Terminal() as terminal:
        ended = terminal.run([sys.executable, "-c", command], workspace)

    assert ended.stdout.splitlines()[-1] == b"False"
    assert terminal.text == ""


def working(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> tuple[Show, ShownProgress]:
    """The printer at a terminal, and work of which four threads do a quarter each, long enough to be shown."""
    monkeypatch.setattr("sys.stderr", terminal.stream)
    show = Show(as_json=False, quiet=False, verbose=False)
    progress = ShownProgress(show)
    progress.expect(files=800, size=800 * 2**20)

    def work() -> None:
        for _ in range(100):
            progress.advance(files=1, size=2**20)
            time.sleep(0.014)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return show, progress


def test_a_warning_stands_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar makes room for it, and comes again below."""
    with Terminal() as terminal:
        show, progress = working(terminal, monkeypatch)
        progress.warn("the name \x1b[31mred is odd")
        time.sleep(0.2)
        progress.advance(files=1, size=2**20)
        show.outcome(Outcome(("Done",), {}))
        show.flush()

    assert terminal.screen == ["warning: the name \\x1b[31mred is odd", ""]
    assert "401 of 800 files, 401.0 of 800.0 MiB" in terminal.text.split("warning")[1]
    assert "\x1b" not in terminal.text


def test_an_error_finds_the_line_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what threads say of their work afterwards is not shown any more."""
    with Terminal() as terminal:
        show, progress = working(terminal, monkeypatch)
        show.error("DwsError", "the disk is full", "make room")
        time.sleep(0.2)
        progress.advance(files=1, size=2**20)
        show.flush()

    assert terminal.screen == ["error: the disk is full", "hint: make room", ""]


def test_a_narrow_terminal_shows_what_fits_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with Terminal(columns=30) as terminal:
        show, _ = working(terminal, monkeypatch)
        show.flush()

    assert 20 < max(map(len, terminal.text.split("\r"))) <= 30
    assert terminal.screen == [""]


def told(monkeypatch: pytest.MonkeyPatch, *, step: float, quiet: bool = False) -> str:
    """Let work of 40 files go on without a terminal, with a clock that goes on by `step` seconds a file."""
    clock = itertools.count(0.0, step)
    monkeypatch.setattr("dws_core.cli.progress.time.monotonic", lambda: next(clock))
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    show = Show(as_json=False, quiet=quiet, verbose=False)
    progress = ShownProgress(show)
    progress.expect(files=40, size=40 * 1024)
    for _ in range(40):
        progress.advance(files=1, size=1024)
    show.warn("done")
    return stream.getvalue()


def test_elsewhere_a_plain_line_comes_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of a night's work has a line each half minute, and no control characters."""
    said = told(monkeypatch, step=2.0)

    assert said.splitlines() == ["14 of 40 files, 14.0 of 40.0 KiB", "29 of 40 files, 29.0 of 40.0 KiB", "warning: done"]
    assert "\r" not in said


def test_quiet_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--quiet` leaves warnings alone."""
    assert told(monkeypatch, step=5.0, quiet=True) == "warning: done\n"


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (5 * 1024**3, "5.0 GiB"), (2**52, "4096.0 TiB")]
)
def test_sizes_are_for_people(size: int, shown: str) -> None:
    """Bytes up to a kibibyte, then the unit that fits."""
    assert amount(size) == shown
