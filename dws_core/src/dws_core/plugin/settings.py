"""What a user may set on a thing, declared once.

From one declaration come the command-line options, the prompts, the stored JSON, `dws config` and the reference page.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

from dws_core.errors import InvalidSettingError, UnknownNameError
from dws_core.model.codec import Json, JsonObject

_KEY = "dws"
_VALUES: dict[type, str] = {
    str: "a text",
    bool: "yes or no (true, false)",
    int: "a whole number",
    tuple: "a list of texts, separated by commas",
}


class Scope(StrEnum):
    """Who sees a setting: every clone, this clone alone, or (a path) whichever fits where the path lies."""

    SHARED = "shared"
    CLONE = "clone"
    PLACE = "place"


@dataclass(frozen=True)
class _Declaration:
    help: str
    argument: bool
    choices: tuple[str, ...]
    scope: Scope
    editable: bool
    hidden: bool


@dataclass(frozen=True)
class Setting:
    """One declared setting, as the command line and `dws config` need it. `kind` is str, bool, int or tuple (of texts)."""

    name: str
    kind: type
    help: str
    default: Json
    required: bool
    argument: bool
    choices: tuple[str, ...]
    scope: Scope
    editable: bool
    hidden: bool

    @property
    def option(self) -> str:
        """The command-line option: `--read-only` for `read_only`."""
        return "--" + self.name.replace("_", "-")

    def read(self, text: str) -> Json:
        """Take the value from what a user typed; InvalidSettingError if it is none."""
        if self.kind is bool:
            lowered = text.casefold()
            if lowered in ("true", "yes", "on", "1"):
                return True
            if lowered in ("false", "no", "off", "0"):
                return False
            raise InvalidSettingError(self.name, text, self.expected)
        if self.kind is int:
            try:
                return int(text)
            except ValueError as error:
                raise InvalidSettingError(self.name, text, self.expected) from error
        if self.kind is tuple:
            return [part.strip() for part in text.split(",") if part.strip()]
        return self.check(text)

    def check(self, value: object) -> Json:
        """Return a stored value if it is one; InvalidSettingError otherwise."""
        if value is None and not self.required and self.default is None:
            return None
        if self.kind is tuple and isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return list(value)
        if isinstance(value, bool) and self.kind is not bool:
            raise InvalidSettingError(self.name, value, self.expected)
        if isinstance(value, self.kind) and isinstance(value, str | int):
            if self.choices and value not in self.choices:
                raise InvalidSettingError(self.name, value, self.expected)
            return value
        raise InvalidSettingError(self.name, value, self.expected)

    @property
    def expected(self) -> str:
        """What a value must be, for people."""
        return "one of " + ", ".join(self.choices) if self.choices else _VALUES[self.kind]


@dataclass(frozen=True)
class Settings:
    """Subclass as a frozen dataclass whose fields are made by `setting`: str, bool, int, tuple[str, ...] or `… | None`."""

    @classmethod
    def declared(cls) -> tuple[Setting, ...]:
        """List the settings in the order they were written."""
        hints = get_type_hints(cls)
        return tuple(_setting_of(field, hints[field.name]) for field in dataclasses.fields(cls))

    @classmethod
    def find(cls, name: str) -> Setting:
        """Find one by its name, with `-` or `_`; UnknownNameError if there is none."""
        for found in cls.declared():
            if found.name == name.replace("-", "_"):
                return found
        raise UnknownNameError("setting", name, [each.name for each in cls.declared()])

    @classmethod
    def from_json(cls, values: Mapping[str, Json]) -> Self:
        """Make the settings from stored values; unknown ones are passed over, wrong ones are an InvalidSettingError."""
        given: dict[str, Any] = {}
        for each in cls.declared():
            if each.name in values:
                value = each.check(values[each.name])
                given[each.name] = tuple(value) if isinstance(value, list) else value
            elif each.required:
                raise InvalidSettingError(each.name, None, each.expected)
        return cls(**given)

    @classmethod
    def shareable(cls, values: Mapping[str, Json]) -> JsonObject:
        """Keep of what records say the values that records may say: what is for each clone to say alone is left out."""
        own = {each.name for each in cls.declared() if each.scope is Scope.CLONE}
        return {name: value for name, value in values.items() if name not in own}

    def to_json(self) -> JsonObject:
        """Give every value, defaults included."""
        values = {each.name: getattr(self, each.name) for each in self.declared()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True)
class NoSettings(Settings):
    """For what has nothing to set."""


def setting(
    help: str,
    *,
    default: Any = dataclasses.MISSING,
    argument: bool = False,
    choices: tuple[str, ...] = (),
    scope: Scope = Scope.SHARED,
    editable: bool = True,
    hidden: bool = False,
) -> Any:
    """Declare a setting as a dataclass field.

    `argument`: it stands on the command line without an option's name. `editable`: `dws config` may change it later.
    `hidden`: it is found out by the type, never asked for. `Scope.PLACE` is for a local path: the core makes it relative
    to the workspace and shares it where it lies inside, and keeps it absolute and for this clone alone where it does not.
    """
    declaration = _Declaration(help, argument, choices, scope, editable, hidden)
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata={_KEY: declaration})
    return dataclasses.field(default=default, metadata={_KEY: declaration})


def _setting_of(field: "dataclasses.Field[Any]", hint: Any) -> Setting:
    declaration: _Declaration = field.metadata[_KEY]
    required = field.default is dataclasses.MISSING
    default: Any = None if required else field.default
    return Setting(
        name=field.name,
        kind=_kind_of(hint),
        help=declaration.help,
        default=list(default) if isinstance(default, tuple) else default,
        required=required,
        argument=declaration.argument,
        choices=declaration.choices,
        scope=declaration.scope,
        editable=declaration.editable,
        hidden=declaration.hidden,
    )


def _kind_of(hint: Any) -> type:
    if get_origin(hint) in (Union, UnionType):
        (hint,) = (each for each in get_args(hint) if each is not type(None))
    kind = get_origin(hint) or hint
    if kind not in _VALUES:
        raise TypeError(f"a setting cannot be of type {hint}")
    found: type = kind
    return found
