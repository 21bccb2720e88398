"""The errors of the house: one tree, classes that know their facts."""

import ast
import re

from dws_core import errors
from tests.architecture import house

TREE_LINE = re.compile(r"^(?P<indent>[│├└─ \u00a0]*)(?P<name>[A-Z]\w+Error)$")


def drawn() -> dict[str, str | None]:
    """Read the tree in the docstring: each class with the one it hangs on."""
    parents: dict[str, str | None] = {}
    branch: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := TREE_LINE.match(line):
            depth = len(found["indent"]) // 4
            del branch[depth:]
            parents[found["name"]] = branch[-1] if branch else None
            branch.append(found["name"])
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    """Every error stands in the docstring below the class it inherits from, and nothing else stands there."""
    classes = [value for value in vars(errors).values() if isinstance(value, type) and value.__module__ == errors.__name__]

    tree = {kind.__name__: None if kind is errors.DwsError else kind.__bases__[0].__name__ for kind in classes}

    assert drawn() == tree


def test_every_error_that_is_met_is_used() -> None:
    """An error that nothing raises is not kept; one that only groups others may be named nowhere."""
    groups = set(drawn().values())
    nodes = [node for module in house.sources() for node in ast.walk(module.tree)]
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    raised = [node.exc for node in nodes if isinstance(node, ast.Raise) and node.exc is not None]
    used = {ast.unparse(each).rpartition(".")[2] for each in (*called, *raised)}

    assert {name for name in drawn() if name not in groups} - used == set()


def test_nobody_raises_an_error_that_only_groups_others() -> None:
    """What is raised knows its facts: a class of its own, never `DwsError` with a sentence."""
    groups = {name for name in drawn().values() if name}

    raised = [
        f"{module.shown}:{line}: {name}"
        for module in house.sources()
        for name, line in module.calls
        if name.rpartition(".")[2] in groups
    ]

    assert raised == []
