"""The page of commands is current."""

from docs import commands


def test_the_page_of_commands_is_what_the_program_declares() -> None:
    """docs/commands.md says what the command line says; `nox -s docs` writes it anew."""
    written = commands.PAGE.read_text(encoding="utf-8")

    assert written == commands.page()
