"""The only printer: answers go to stdout, everything else to stderr, and control characters nowhere."""

import io
import sys
import traceback
from collections.abc import Callable
from typing import TextIO

from dws_core.cli.bar import Bar
from dws_core.cli.outcome import Outcome
from dws_core.model.codec import Json, to_text
from dws_core.model.printable import printable, printable_lines
from dws_core.model.report import Report


class Show:
    """Prints what commands answer: text for people, or with `as_json` one JSON document."""

    def __init__(self, *, as_json: bool, quiet: bool, verbose: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet
        self._verbose = verbose
        self._out, self._err = _tolerant(sys.stdout), _tolerant(sys.stderr)
        self._answer: list[str] = []
        self._bar: Bar | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether there is a terminal to show progress at."""
        return self._err.isatty()

    def report(self, report: Report, render: Callable[[Report], str]) -> None:
        """Print a report, rendered where it is not for a program."""
        self._write(to_text(report.to_json()) if self.as_json else printable_lines(render(report)))

    def outcome(self, outcome: Outcome) -> None:
        """Print what was done."""
        if self.as_json:
            self._write(to_text(outcome.document))
        elif not self.quiet:
            lines = (*outcome.lines, *outcome.details) if self._verbose else outcome.lines
            self._write("".join(f"{printable(line)}\n" for line in lines))

    def document(self, value: Json) -> None:
        """Print what a plugin's command answered."""
        self._write(to_text(value) if self.as_json else printable_lines(value if isinstance(value, str) else to_text(value)))

    def text(self, text: str) -> None:
        """Print a text that is the answer itself: a help, a version."""
        self._write(to_text({"text": text}) if self.as_json else text)

    def error(self, kind: str, message: str, hint: str | None) -> None:
        """Tell why it could not be done, and the next step."""
        self._end_bar()
        if self.as_json:
            self._write(to_text({"error": {"type": kind, "message": message, "hint": hint}}))
            return
        self.complain(message)
        if hint:
            self._err.write(f"hint: {printable(hint)}\n")

    def end_line(self) -> None:
        """Leave the line of a terminal that shows a question, or `^C`."""
        self._end_bar()
        if self.is_terminal:
            self._err.write("\n")

    def complain(self, message: str) -> None:
        """Tell on stderr what went wrong."""
        self._make_room()
        self._err.write(f"error: {printable(message)}\n")

    def warn(self, message: str) -> None:
        """Tell on one line of stderr what does not stop the work."""
        self._make_room()
        self._err.write(f"warning: {printable(message)}\n")
        self._err.flush()

    def aside(self, text: str) -> None:
        """Print on stderr what is neither answer nor error."""
        self._make_room()
        self._err.write(printable_lines(text))

    def traceback(self, error: BaseException) -> None:
        """Print where an error came from, for those who asked with `--debug`."""
        self._make_room()
        self._err.write(printable_lines("".join(traceback.format_exception(error))))

    def progress(self, text: str, done: int, total: int, elapsed: float) -> None:
        """Show on the terminal how far work is that began `elapsed` seconds ago, in place of what was shown before."""
        if self._bar is None:
            self._bar = Bar(self._err, elapsed)
        self._bar.show(text, done, total)

    def flush(self) -> None:
        """Write the answer out; OSError where that cannot be done, BrokenPipeError where nobody reads any more."""
        self._end_bar()
        self._out.write("".join(self._answer))
        self._answer.clear()
        self._out.flush()
        self._err.flush()

    def _write(self, text: str) -> None:
        self._end_bar()
        self._answer.append(text)

    def _make_room(self) -> None:
        """Empty the line of a bar, which comes again when there is more to tell."""
        if self._bar is not None:
            self._bar.clear()

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _tolerant(stream: TextIO) -> TextIO:
    """Let a stream escape what its encoding does not have, instead of failing."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream
