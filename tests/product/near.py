"""A person whose commands run in this process, through the function that the installed command calls: a tenth of the time."""

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from dws_core.cli.edge import run
from tests.product.people import Ended, Person


class Near(Person):
    """Somebody at work in a clone, quickly."""

    def tries(self, *arguments: str) -> Ended:
        ended = run_near(self.root, ["--batch", *arguments])
        assert "mistake in dws" not in ended.err, ended
        return ended


def run_near(directory: Path, arguments: list[str]) -> Ended:
    """Give a command in a directory."""
    out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
    os.chdir(directory)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            status = run(arguments)
    finally:
        os.chdir(before)
    return Ended(status, out.getvalue(), err.getvalue())
