"""What every file of ours looks like."""

import ast
import re
import statistics

from tests.architecture import house

LONGEST_MODULE = 300
MEDIAN_MODULE = 90
LONGEST_FUNCTION = 50
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "base", "data", "info", "misc"}


def test_every_module_opens_with_one_sentence_that_says_what_it_is() -> None:
    """The first paragraph of a module's docstring is one line that ends in a full stop."""
    unclear = [
        module.shown
        for module in house.sources() + house.tests()
        if not re.fullmatch(r"[^\n]+\.", (ast.get_docstring(module.tree) or "").split("\n\n")[0])
    ]

    assert unclear == []


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    """A module that grows beyond that has two subjects."""
    long = {module.shown: lines for module in house.sources() if (lines := module.source.count("\n")) > LONGEST_MODULE}

    # The tree of errors reads best as one page: most of it is one short class after the other.
    assert set(long) <= {"dws_core/src/dws_core/errors.py"}


def test_half_of_the_modules_are_shorter_than_ninety_lines() -> None:
    """The median of all modules that say something stays small."""
    lengths = [module.source.count("\n") for module in house.sources() if module.path.name != "__init__.py"]

    assert statistics.median(lengths) < MEDIAN_MODULE


def test_a_function_fits_on_a_screen() -> None:
    """No function is longer than fifty lines, its docstring included."""
    long = [
        f"{module.shown}:{function.lineno}: {function.name} has {lines} lines"
        for module in house.sources()
        for function in module.functions
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A module is named for its subject."""
    vague = [
        module.shown
        for module in house.sources() + house.tests()
        if VAGUE & set(re.split(r"[._]", module.name.rpartition(".")[2]))
    ]

    assert vague == []


def test_a_check_that_is_switched_off_says_why_beside_it() -> None:
    """After `noqa` or `type: ignore`, which name their code, the same line gives a reason."""
    switched = re.compile(r"#\s*(noqa|type:\s*ignore)\b(?P<rest>.*)")
    reasoned = re.compile(r"(:\s*[A-Z0-9, ]+|\[[a-z-]+(,\s*[a-z-]+)*\])\s*[#-]\s*\S+ \S+.*")

    silent = [
        f"{module.shown}:{number}: {line.strip()}"
        for module in house.sources() + house.tests()
        for number, line in enumerate(module.source.splitlines(), 1)
        if (found := switched.search(line)) and 're.compile(r"#' not in line and not reasoned.fullmatch(found["rest"])
    ]

    assert silent == []


def test_nothing_is_left_to_do_without_an_issue_that_says_so() -> None:
    """A note of something to do names its issue, as in `# … (#12)`."""
    notes = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b(?!.*#\d+)")

    left = [
        f"{module.shown}:{number}"
        for module in house.sources()
        for number, line in enumerate(module.source.splitlines(), 1)
        if notes.search(line)
    ]

    assert left == []
