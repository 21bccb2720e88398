"""Any value is recorded, as JSON that every program can read, and without what must stay secret."""

import functools
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

import pytest

from dws_core.lineage.plain import plain_metrics, plain_parameters


class Kernel(StrEnum):
    RBF = "rbf"


class Thing:
    pass


class Angry(Mapping[str, object]):
    """A value whose every method raises."""

    def __getitem__(self, key: str) -> object:
        raise RuntimeError("no")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("no")

    def __len__(self) -> int:
        raise RuntimeError("no")

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Scalar:
    """A number as numpy gives it."""

    size = 1

    def tolist(self) -> float:
        return 0.5


def circle() -> list[Any]:
    found: list[Any] = []
    found.extend([found] * 5)
    return found


@pytest.mark.parametrize(
    ("value", "recorded"),
    [
        (None, None),
        (True, True),
        (3, 3),
        (0.5, 0.5),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (Kernel.RBF, "rbf"),
        (10**5000, "a number of 16610 bits"),
        ((1, "a", None), [1, "a", None]),
        ({3, 1, 2}, [1, 2, 3]),
        ({1: {"a": (2,)}}, {"1": {"a": [2]}}),
        (Scalar(), 0.5),
        (PurePosixPath("a/b"), "a/b"),
        (len, "builtins.len"),
        (Thing, f"{__name__}.Thing"),
        (functools.partial(len), "functools.partial(<built-in function len>)"),
        (Thing(), f"<{__name__}.Thing object>"),
        (Angry(), "<Angry>"),
    ],
    ids=[
        *("none", "truth", "whole", "fraction", "nan", "infinite", "enum", "huge", "tuple", "set", "mapping", "numpy"),
        *("path", "function", "class", "partial", "object", "raises"),
    ],
)
def test_a_value_becomes_the_nearest_plain_one(value: object, recorded: object) -> None:
    assert plain_parameters({"p": value}) == {"p": recorded}


@pytest.mark.parametrize("value", [circle(), [[["x"] * 100] * 100] * 100, {"a": {"b": [float("inf")] * 20_000}}, "x" * 10**6])
def test_what_is_without_end_is_recorded_in_bounds(value: object) -> None:
    found = json.dumps(plain_parameters({"p": value}), allow_nan=False)

    assert len(found) < 2_000_000


def test_two_long_lists_that_differ_are_told_apart() -> None:
    """A list for which there is no room is known by its length and hash."""
    one, other = (plain_parameters({"p": [*range(20_000), last]})["p"] for last in (1, 2))

    assert one != other
    assert str(one).startswith("list of 20001 values, SHA-256 ")


def test_metrics_are_never_cut_short() -> None:
    losses = [1 / n for n in range(1, 50_001)]

    assert plain_metrics({"loss": losses}) == {"loss": losses}


@pytest.mark.parametrize(
    "name", ["password", "db_password", "apiKey", "api_key", "AWS_SECRET_ACCESS_KEY", "token", "--auth-token", "clientSecret"]
)
def test_a_secret_is_not_recorded(name: str) -> None:
    assert plain_parameters({name: "hunter2", "in": {name: "hunter2"}}) == {
        name: "(not recorded)",
        "in": {name: "(not recorded)"},
    }


@pytest.mark.parametrize("name", ["token_pattern", "max_tokens", "key", "pad_token", "monkey", "author", "keypoints", "n_keys"])
def test_what_only_sounds_like_a_secret_is_recorded(name: str) -> None:
    assert plain_parameters({name: "value"}) == {name: "value"}


@pytest.mark.parametrize(
    ("text", "recorded"),
    [
        ("https://me:pw@host/x?y", "https://host/x?y"),
        ("https://ghp_token@host/x", "https://host/x"),
        ("postgresql://me:pw@host/db", "postgresql://me@host/db"),
        ("see ssh://git@host/x and http://u@h", "see ssh://git@host/x and http://h"),
        ("me@host", "me@host"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)
def test_passwords_in_addresses_are_taken_out(text: str, recorded: str) -> None:
    assert plain_parameters({"url": text}) == {"url": recorded}
