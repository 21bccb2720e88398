"""One verb is one file on every floor."""

import ast

from tests.architecture import house

# Groups of verbs around one noun: the file is named for the noun, and holds a function for each verb.
GROUPS = {"plugins", "store"}


def verbs() -> list[house.Module]:
    """The modules of operations."""
    return [module for module in house.modules_below(house.CORE / "operations") if module.path.name != "__init__.py"]


def test_an_operation_is_one_public_function_named_like_its_file() -> None:
    """`operations/snapshot.py` has the function `snapshot` and no other public one."""
    odd = {
        module.shown: public
        for module in verbs()
        if module.path.stem not in GROUPS and (public := _public_functions(module)) != [module.path.stem]
    }

    assert odd == {}


def test_every_operation_can_be_said() -> None:
    """Each verb of `operations/` has its file in `cli/`."""
    said = {module.path.stem for module in house.modules_below(house.CORE / "cli")}

    assert {module.path.stem for module in verbs()} - said == set()


def test_every_operation_has_its_tests() -> None:
    """Each verb of `operations/` has its file in `tests/core/operations/`."""
    tested = {path.stem.removeprefix("test_") for path in (house.TOP / "tests" / "core" / "operations").glob("test_*.py")}

    assert {module.path.stem for module in verbs()} - tested == set()


def _public_functions(module: house.Module) -> list[str]:
    return [node.name for node in module.tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
