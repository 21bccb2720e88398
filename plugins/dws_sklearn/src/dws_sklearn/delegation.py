"""Methods of a wrapper that look like those of the estimator it wraps."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class like_wrapped(Generic[P, R]):  # noqa: N801  # a decorator
    """A method that is there only where the wrapped estimator has it, and with that one's signature.

    scikit-learn looks at signatures to learn whether an estimator takes `sample_weight`.
    """

    def __init__(self, method: Callable[P, R]) -> None:
        self._method = method
        functools.update_wrapper(self, method)  # type: ignore[arg-type]  # it need not be a function

    def __get__(self, instance: Any, owner: type | None = None) -> Callable[..., R]:
        if instance is None:
            return self._method
        name = self._method.__name__
        wrapped = getattr(instance.predictor, name)  # AttributeError where it has no such method, as it should be
        method = self._method

        @functools.wraps(method)
        def bound(*args: Any, **named: Any) -> R:
            return method(instance, *args, **named)

        bound.__signature__ = inspect.signature(wrapped)  # type: ignore[attr-defined]  # functions take any attribute
        return bound
