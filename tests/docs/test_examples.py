"""The documentation tells the truth."""

from pathlib import Path

import pytest

from docs import examples

PAGES = [path for path in examples.pages() if examples.Page.read(path).examples]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(examples.TOP).as_posix())
def test_every_example_of_a_page_says_what_it_says(path: Path, tmp_path: Path) -> None:
    """Played from top to bottom in a fresh directory, each command of a page gives the output that the page shows."""
    page = examples.Page.read(path)

    page.play(tmp_path)

    wrong = [f"$ {each.command}\n--- shown:\n{each.shown}--- real:\n{each.real}" for each in page.examples if not each.agrees]
    assert not wrong, "\n\n".join(wrong) + "\nif the output is right, write it down with: nox -s docs"


def test_an_output_that_differs_is_noticed() -> None:
    """A hash, a time and a column's width may differ, `…` stands for anything, and all else must be as shown."""
    shown = "| a1b2c3d | SVC-1 |\n…\ntook 3 files\n"

    assert examples.Example("", shown, "| 1234567 |  SVC-1  |\ntook 3 files\n").agrees
    assert examples.Example("", shown, "| 1234567 | SVC-1 |\none\ntwo\ntook 3 files\n").agrees
    assert not examples.Example("", shown, "| 1234567 | SVC-2 |\ntook 3 files\n").agrees
    assert not examples.Example("", shown, "| 1234567 | SVC-1 |\none\n").agrees


def test_a_link_leads_somewhere() -> None:
    """Every relative link of a page names a file that is there."""
    broken = [
        f"{path.name}: {target}"
        for path in examples.pages()
        for target in examples.links(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert broken == []
