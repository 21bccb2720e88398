"""Who may speak: one file prints, one file asks."""

from tests.architecture import house

SHOW = "dws_core/src/dws_core/cli/show.py"
ASK = "dws_core/src/dws_core/cli/ask.py"
PRINTING = {
    "print",
    "click.echo",
    "click.secho",
    "click.style",
    "sys.stdout.write",
    "sys.stdout.buffer.write",
    "sys.stderr.write",
}
ASKING = {"input", "click.prompt", "click.confirm", "click.getchar", "click.pause", "getpass.getpass"}


def test_only_show_prints() -> None:
    """All that the core says goes through `cli/show.py`, which escapes it and knows `--json`."""
    assert _callers(PRINTING) <= {SHOW}


def test_only_ask_asks() -> None:
    """All questions go through `cli/ask.py`, which knows `--batch` and whether there is a terminal."""
    assert _callers(ASKING) <= {ASK}


def _callers(names: set[str]) -> set[str]:
    return {module.shown for module in house.core() for name, _ in module.calls if name in names}
