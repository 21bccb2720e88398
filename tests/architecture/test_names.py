"""The core names no plugin, and nowhere asks for a type by its name."""

import ast
import re
from collections.abc import Iterator

from tests.architecture import house

# Where a plugin's word may stand in the core, and why. Nothing else may be added without a reason as good. The folder `.git` may
# be named anywhere: no path leads into it, whatever is installed.
ALLOWED = {
    "model/names.py": ("git", "on some file systems `git~1` leads into the folder `.git`, and the message says whose it is"),
    "objects/tree.py": ("GIT", "the same: names in a tree are checked as bytes"),
    "workspace/adding.py": ("git", "the message says whose folder `.git` is"),
}


def test_the_core_names_no_plugin() -> None:
    """No word of a plugin's name stands in the core: not in code, not in a message, not in a comment."""
    words = {plugin.package.removeprefix("dws_") for plugin in house.plugins()} | {"s3", "rclone", "ssh"}
    wanted = re.compile(rf"(?<![A-Za-z0-9.])({'|'.join(sorted(words))})(?![A-Za-z0-9])", re.IGNORECASE)

    named = [
        f"{module.shown}:{number}: {line.strip()}"
        for module in house.core()
        for number, line in enumerate(module.source.splitlines(), 1)
        if {word.casefold() for word in wanted.findall(line)} - {ALLOWED.get(_inside(module), ("", ""))[0].casefold()}
    ]

    assert named == []


def test_every_exception_is_still_needed() -> None:
    """A word that is allowed somewhere stands there."""
    modules = {_inside(module): module for module in house.core()}

    assert [place for place, (word, _) in ALLOWED.items() if word not in modules[place].source] == []


def test_the_core_never_branches_on_the_name_of_a_type() -> None:
    """No literal of the core, outside the plugin that brings it, is a resource type's, backend's, report's or format's name."""
    names = set(_names("ResourceTypeDescriptor", "BackendDescriptor"))

    branches = [
        f"{module.shown}:{line}: {text!r}"
        for module in house.core()
        if not module.name.startswith("dws_core.builtin.")
        for text, line in _compared(module)
        if text in names
    ]

    assert {"local-files", "plain"} <= names
    assert branches == []


def _inside(module: house.Module) -> str:
    return module.path.relative_to(house.CORE).as_posix()


def _names(*descriptors: str) -> Iterator[str]:
    """The names in every descriptor of these classes that a plugin of ours gives."""
    for module in house.sources():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in descriptors:
                for keyword in node.keywords:
                    if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                        yield str(keyword.value.value)


def _compared(module: house.Module) -> Iterator[tuple[str, int]]:
    """The texts that the module compares something with, matches, or looks up by."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Compare | ast.match_case | ast.Dict | ast.Subscript):
            for inner in ast.walk(node.pattern if isinstance(node, ast.match_case) else node):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    yield inner.value, inner.lineno
