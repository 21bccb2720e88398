"""Which tests of a suite are run: those that what an implementation declares calls for."""

from collections.abc import Callable
from typing import Any, TypeVar

Test = TypeVar("Test", bound=Callable[..., None])
_CONDITION = "dws_condition"


def only_if(condition: Callable[[Any], bool]) -> Callable[[Test], Test]:
    """Run a test only where this is true of what the suite's descriptor declares."""

    def mark(test: Test) -> Test:
        setattr(test, _CONDITION, condition)
        return test

    return mark


def leave_out(suite: type, declared: object) -> None:
    """Take away the tests that the declared does not call for: they are not collected."""
    for name in dir(suite):
        condition = getattr(getattr(suite, name, None), _CONDITION, None)
        if condition is not None and not condition(declared):
            setattr(suite, name, None)
