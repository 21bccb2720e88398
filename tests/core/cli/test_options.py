"""Tests of the options that are made of declared settings."""

from dataclasses import dataclass
from typing import Any

import click
import pytest

from dws_core.cli.ask import Ask
from dws_core.cli.options import given_settings, help_of, parameters_of
from dws_core.errors import MissingAnswerError
from dws_core.plugin import Settings, setting


@dataclass(frozen=True)
class Bucket(Settings):
    """A declaration with a setting of every kind."""

    url: str = setting("where it is", argument=True)
    region: str = setting("the region it lies in")
    subpath: str | None = setting("a part of it", argument=True, default=None)
    mode: str = setting("how it is read", default="stream", choices=("stream", "copy"))
    retries: int = setting("how often to try", default=3)
    tags: tuple[str, ...] = setting("what it is about", default=("a", "b"))
    read_only: bool = setting("never write to it", default=False)
    verify: bool = setting("check what is read", default=True)
    etag: str | None = setting("what the server says", default=None, hidden=True)


def given(*args: str) -> dict[str, Any]:
    """What a command made of the declaration takes from a command line."""

    def run(**values: Any) -> dict[str, Any]:
        return given_settings(Bucket, values, Ask(batch=True))

    command = click.Command("bucket", callback=run, params=parameters_of(Bucket), help=help_of("A bucket.", Bucket))
    with command.make_context("bucket", list(args)) as context:
        values: dict[str, Any] = command.invoke(context)
        return values


def test_what_is_not_given_is_left_to_the_declaration() -> None:
    """A default is written once, in the declaration."""
    assert given("s3://x", "--region", "eu") == {"url": "s3://x", "region": "eu"}


def test_every_kind_of_setting_is_read() -> None:
    """Texts, choices, numbers, lists and flags, on and off."""
    line = "s3://x below --region eu --mode copy --retries 5 --tags x,y --read-only --no-verify"

    assert given(*line.split()) == {
        "url": "s3://x",
        "subpath": "below",
        "region": "eu",
        "mode": "copy",
        "retries": 5,
        "tags": ["x", "y"],
        "read_only": True,
        "verify": False,
    }


@pytest.mark.parametrize("line", ["s3://x --region eu --retries many", "s3://x --region eu --mode fast", "s3://x --region"])
def test_a_wrong_value_is_a_mistake_in_the_command_line(line: str) -> None:
    """click tells it with the option's name."""
    with pytest.raises(click.UsageError) as caught:
        given(*line.split())

    assert caught.value.exit_code == 2


@pytest.mark.parametrize(("line", "option"), [("s3://x", "--region"), ("--region eu", "URL")])
def test_what_is_needed_and_missing_is_named(line: str, option: str) -> None:
    """Without a terminal the option to give is told."""
    with pytest.raises(MissingAnswerError) as caught:
        given(*line.split())

    assert option in str(caught.value.hint)


def test_the_help_shows_defaults_choices_and_arguments_but_nothing_hidden() -> None:
    """All that a user may set is in `--help`."""
    command = click.Command("bucket", params=parameters_of(Bucket), help=help_of("A bucket.", Bucket))

    text = " ".join(command.get_help(click.Context(command, info_name="bucket")).split())

    for shown in (
        "[OPTIONS] URL [SUBPATH]",
        "URL: Where it is.",
        "[stream|copy] How it is read [default: stream]",
        "How often to try [default: 3]",
        "What it is about [default: a,b]",
        "--read-only Never write to it",
        "--verify / --no-verify Check what is read [default: yes]",
        "The region it lies in [needed]",
    ):
        assert shown in text
    assert "etag" not in text
