"""Turns any value that a step was given into plain JSON, so that recording it never fails."""

import math
from collections.abc import Mapping
from typing import Any

from dws_core.model.codec import Json

_DEEPEST = 12
_LONGEST_TEXT = 10_000
_LONGEST_LIST = 1_000


def plain(value: object, depth: int = 0) -> Json:
    """Give the nearest plain value: numbers and lists as they are, what JSON does not know as a text."""
    match value:
        case None | bool():
            found: Json = value
        case str():
            found = value[:_LONGEST_TEXT]
        case int():
            found = int(value)
        case float():
            found = float(value) if math.isfinite(value) else str(value)
        case _ if depth >= _DEEPEST:
            found = _described(value)
        case Mapping():
            found = {str(key)[:_LONGEST_TEXT]: plain(each, depth + 1) for key, each in _first(value.items())}
        case list() | tuple():
            found = [plain(each, depth + 1) for each in _first(value)]
        case set() | frozenset():
            found = [plain(each, depth + 1) for each in sorted(_first(value), key=str)]
        case _:
            found = _foreign(value, depth)
    return found


def _foreign(value: object, depth: int) -> Json:
    """Take numbers and arrays of numpy and the like by their own word, functions and classes by their name."""
    name = getattr(value, "__qualname__", None)
    if isinstance(name, str):
        return f"{getattr(value, '__module__', '')}.{name}".lstrip(".")
    size = getattr(value, "size", 0)
    to_list: Any = getattr(value, "tolist", None)
    if callable(to_list) and isinstance(size, int) and size <= _LONGEST_LIST:
        try:
            listed = to_list()
        except Exception:  # somebody else's method: whatever it raises, its description will do
            return _described(value)
        if listed is not value:
            return plain(listed, depth + 1)
    return _described(value)


def _described(value: object) -> str:
    try:
        return " ".join(repr(value).split())[:_LONGEST_TEXT]
    except Exception:  # somebody else's method: whatever it raises, its type will do
        return f"<{type(value).__qualname__}>"


def _first(items: Any) -> list[Any]:
    return [each for _, each in zip(range(_LONGEST_LIST), items, strict=False)]
