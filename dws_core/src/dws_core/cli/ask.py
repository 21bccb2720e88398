"""The only prompter: asks at a terminal, and otherwise takes the default or names the option to give."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

import click

from dws_core.errors import MissingAnswerError
from dws_core.model.printable import printable


class Ask:
    """Questions go to stderr, so that the answer of the command stays alone on stdout; what they quote steers no terminal."""

    def __init__(self, *, batch: bool) -> None:
        self._interactive = not batch and sys.stdin is not None and sys.stdin.isatty()

    def choice(self, what: str, option: str, choices: Sequence[str]) -> str:
        """Ask for one of some names; its beginning suffices. MissingAnswerError where there is nobody to ask."""
        if not self._interactive:
            raise MissingAnswerError(what, f"{option} (one of {', '.join(choices)})")
        while True:
            typed = _prompt(f"{_sentence(what)} ({', '.join(choices)})").strip().casefold()
            fitting = [each for each in choices if each.startswith(typed)]
            if len(fitting) == 1:
                return fitting[0]

    def text(self, what: str, option: str) -> str:
        """Ask for a text; MissingAnswerError where there is nobody to ask."""
        if not self._interactive:
            raise MissingAnswerError(what, option)
        return _prompt(_sentence(what))

    def wish(self, what: str) -> str | None:
        """Ask for a text that may be left out; None where it is, or where there is nobody to ask."""
        if not self._interactive:
            return None
        with redirect_stdout(sys.stderr):
            return click.prompt(_sentence(what), err=True, default="", show_default=False) or None

    def confirm(self, question: str) -> bool:
        """Ask whether to go on; no where there is nobody to ask."""
        with redirect_stdout(sys.stderr):
            return self._interactive and click.confirm(printable(question), err=True)


def _prompt(text: str) -> str:
    # Some versions of click write the last letter of the question to stdout all the same.
    with redirect_stdout(sys.stderr):
        answer: str = click.prompt(printable(text), err=True)
        return answer


def _sentence(what: str) -> str:
    return what[:1].upper() + what[1:]
