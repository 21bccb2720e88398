"""A hook exists when a plugin needs it, and its page shows how."""

import ast
import re

from tests.architecture import house

PAGE = house.TOP / "docs" / "hooks.md"


def specified() -> set[str]:
    """The hooks that the contract names."""
    (module,) = (module for module in house.core() if module.name == "dws_core.plugin.hookspecs")
    marked = (f for f in module.functions if any("hookspec" in ast.unparse(mark) for mark in f.decorator_list))
    return {function.name for function in marked}


def test_every_hook_has_a_section_in_the_page_of_hooks() -> None:
    """docs/hooks.md has a heading for each hook, and for nothing else."""
    headings = re.findall(r"^### `(dws_\w+)", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)

    assert sorted(headings) == sorted(specified())


def test_every_hook_is_used() -> None:
    """A plugin of ours implements it, or an example in the docs, each of which is executed by a test."""
    ours = house.implemented_hooks(house.sources())
    examples = "\n".join(path.read_text(encoding="utf-8") for path in (house.TOP / "docs").glob("*.md"))
    shown = set(re.findall(r"@hookimpl\ndef (dws_\w+)\(", examples))

    assert specified() - ours - shown == set()


def test_every_hook_tells_an_author_what_it_is_for() -> None:
    """Each specification has a docstring."""
    (module,) = (module for module in house.core() if module.name == "dws_core.plugin.hookspecs")

    assert [f.name for f in module.functions if f.name in specified() and not ast.get_docstring(f)] == []
