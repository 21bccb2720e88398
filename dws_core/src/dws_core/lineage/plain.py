"""Turns any value that a step was given into plain JSON, so that recording it never fails."""

import hashlib
import math
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from dws_core.lineage.secrets import is_secret_name, without_passwords
from dws_core.model.codec import Json, JsonObject

_DEEPEST = 12
_LONGEST_TEXT = 10_000
_WIDEST_NUMBER = 4_000
_PARAMETERS = 10_000
_METRICS = 1_000_000
HIDDEN = "(not recorded)"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def plain_parameters(values: Mapping[str, object]) -> JsonObject:
    """Give the nearest plain values; a text whose name says that it is secret is hidden, and so are passwords in addresses."""
    return {str(name): plain_parameter(str(name), value) for name, value in values.items()}


def plain_parameter(name: str, value: object) -> Json:
    """Give the nearest plain value of one parameter."""
    return _Plain(_PARAMETERS).named(name, value)


def plain_metrics(values: Mapping[str, object]) -> Json:
    """Give the nearest plain values, none left out: a result may be a long list."""
    return _Plain(_METRICS).of(values)


class _Plain:
    """Plain values up to a number; a list or an array for which there is no room is told by its length and hash."""

    def __init__(self, room: int) -> None:
        self._room = room

    def of(self, value: object, depth: int = 0) -> Json:
        self._room -= 1
        match value:
            case None | bool():
                return value
            case str():
                return without_passwords(str(value)[:_LONGEST_TEXT])
            case int():
                return int(value) if value.bit_length() < _WIDEST_NUMBER else f"a number of {value.bit_length()} bits"
            case float():
                return _number(float(value))
        try:
            return self._composed(value, depth)
        except Exception:  # somebody else's methods: whatever they raise, a description will do
            return _described(value)

    def named(self, name: str, value: object, depth: int = 0) -> Json:
        hidden = is_secret_name(name) and isinstance(value, str | bytes) and value
        return HIDDEN if hidden else self.of(value, depth)

    def _composed(self, value: Any, depth: int) -> Json:
        if depth >= _DEEPEST:
            return _described(value)
        if isinstance(value, Mapping | list | tuple | set | frozenset):
            return self._container(value, depth) if len(value) <= self._room else _described(value)
        if isinstance(value, os.PathLike):
            return self.of(os.fsdecode(value), depth)
        if isinstance(getattr(value, "__qualname__", None), str):
            return f"{getattr(value, '__module__', None) or ''}.{value.__qualname__}".lstrip(".")
        return self._listed(value, depth)

    def _container(self, value: Any, depth: int) -> Json:
        if isinstance(value, Mapping):
            return {str(key)[:_LONGEST_TEXT]: self.named(str(key), each, depth + 1) for key, each in value.items()}
        ordered = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [self.of(each, depth + 1) for each in ordered]

    def _listed(self, value: Any, depth: int) -> Json:
        """Take numbers and arrays of numpy and the like by their own word."""
        to_list: Callable[[], object] | None = getattr(value, "tolist", None)
        size = getattr(value, "size", 1)
        if to_list is None or not isinstance(size, int):
            return _described(value)
        if size > self._room:
            digest = hashlib.sha256(value.tobytes()).hexdigest()
            return f"{type(value).__name__} of shape {value.shape}, {value.dtype}, SHA-256 {digest}"
        listed = to_list()
        return self.of(listed, depth + 1) if listed is not value else _described(value)


def _number(value: float) -> Json:
    """JSON has no word for a number that is infinite or none at all; these are the words of the other files."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _described(value: object) -> str:
    """Describe a value by its own words, but for its place in memory, which is another in each run."""
    try:
        words = _ADDRESS.sub("", " ".join(repr(value).split()))
        if isinstance(value, Mapping | list | tuple | set | frozenset) and len(words) > _LONGEST_TEXT:
            digest = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
            return f"{type(value).__name__} of {len(value)} values, SHA-256 {digest}"
    except Exception:  # somebody else's method: whatever it raises, its type will do
        return f"<{type(value).__qualname__}>"
    return without_passwords(words[:_LONGEST_TEXT])
