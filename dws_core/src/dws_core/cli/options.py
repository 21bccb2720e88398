"""Makes command-line options of declared settings."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from dws_core.cli.ask import Ask
from dws_core.errors import InvalidSettingError
from dws_core.model.codec import Json
from dws_core.plugin.settings import Setting, Settings

if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # older versions of click take no parameter here


class Names(ParamType):
    """Names parted by commas: `a,b`."""

    name = "A,B"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return tuple(value)


class SettingValue(ParamType):
    """The value of a declared setting, as its declaration reads it."""

    def __init__(self, setting: Setting) -> None:
        self.name = "number" if setting.kind is int else "A,B" if setting.kind is tuple else "text"
        self._setting = setting

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Json:
        try:
            return self._setting.read(value) if isinstance(value, str) else self._setting.check(value)
        except InvalidSettingError as error:
            self.fail(f"{error.message}: {error.hint}", param, ctx)


def parameters_of(declared: type[Settings]) -> list[click.Parameter]:
    """Make an argument or option of each setting that a user may give; what is not given stays None."""
    return [_parameter(each) for each in declared.declared() if not each.hidden]


def help_of(text: str, declared: type[Settings]) -> str:
    """Explain the arguments below the help of a command; click explains options alone."""
    arguments = [each for each in declared.declared() if each.argument and not each.hidden]
    return text + "".join(f"\n\n{each.name.upper()}: {_phrase(each)}." for each in arguments)


def given_settings(declared: type[Settings], values: Mapping[str, Any], ask: Ask) -> dict[str, Json]:
    """Collect what was given; what is needed and was not is asked for."""
    given: dict[str, Json] = {}
    for each in declared.declared():
        value = values.get(each.name)
        if value is None and each.required and not each.hidden:
            value = _ask_for(each, ask)
        if value is not None:
            given[each.name] = value
    return given


def _ask_for(setting: Setting, ask: Ask) -> Json:
    how = setting.name.upper() if setting.argument else setting.option
    what = f"{setting.name.replace('_', ' ')} ({setting.help})"
    if setting.choices:
        return ask.choice(what, how, setting.choices)
    return setting.read(ask.text(what, how))


def _parameter(setting: Setting) -> click.Parameter:
    if setting.argument:
        return click.Argument([setting.name], required=False, type=SettingValue(setting), metavar=_metavar(setting))
    names: Sequence[str] = [setting.option, setting.name]
    if setting.kind is bool:
        off = setting.option.replace("--", "--no-", 1)
        spelled = setting.option if setting.default is False else f"{setting.option}/{off}"
        return click.Option([spelled, setting.name], is_flag=True, default=None, help=_help(setting))
    kind: ParamType = click.Choice(setting.choices) if setting.choices else SettingValue(setting)
    return click.Option(names, type=kind, default=None, help=_help(setting))


def _phrase(setting: Setting) -> str:
    """Give every help the same form, whether its author wrote a sentence or not."""
    text = setting.help.rstrip(".")
    return text[:1].upper() + text[1:]


def _metavar(setting: Setting) -> str:
    return setting.name.upper() if setting.required else f"[{setting.name.upper()}]"


def _help(setting: Setting) -> str:
    text = _phrase(setting)
    if setting.required:
        return f"{text}  [needed]"
    if setting.default in (None, False, "", []):
        return text
    default = ",".join(map(str, setting.default)) if isinstance(setting.default, list) else setting.default
    return f"{text}  [default: {'yes' if default is True else default}]"
